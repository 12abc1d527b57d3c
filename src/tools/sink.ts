import net from 'node:net';

/**
 * What the sink does with a message for a recipient.
 * - `accept`: 250, and the message is there
 * - `defer`: 451 after the dot
 * - `defer-recipient`: 451 at RCPT, before any body
 * - `no-such-mailbox`: 550 5.1.1 at RCPT
 * - `refuse`: 554 5.7.1 after the dot
 * - `not-ours`: 550 5.7.26 after the dot: the sender's domain is not in order
 * - `shut-down`: 421 after the dot, and the connection closed
 * - `reset-at-rcpt`, `reset-at-data`: the connection is reset there, before any body
 * - `reset-after-dot`, `fin-after-dot`, `hang-after-dot`: the message is there, but instead of the answer the connection is reset, closed, or says nothing
 * - `hold`: the answer to the dot waits for {@link Sink.release}
 */
export type Answer =
  | 'accept'
  | 'defer'
  | 'defer-recipient'
  | 'no-such-mailbox'
  | 'refuse'
  | 'not-ours'
  | 'shut-down'
  | 'reset-at-rcpt'
  | 'reset-at-data'
  | 'reset-after-dot'
  | 'fin-after-dot'
  | 'hang-after-dot'
  | 'hold';

/**
 * Where a conversation has just come to.
 * - `connect`: the client is there, the greeting not yet
 * - `mail`: MAIL FROM has come
 * - `data`: DATA has come, the 354 has not gone out
 * - `body`: the body has begun to come
 * - `dot`: the whole body is there and, where it is accepted, taken; the answer has not gone out
 * - `answered`: the answer to the dot has gone out
 */
export const MOMENTS = ['connect', 'mail', 'data', 'body', 'dot', 'answered'] as const;
export type Moment = (typeof MOMENTS)[number];

export interface SinkMail {
  /** Envelope sender. */
  readonly from: string;
  readonly to: string;
  /** As sent, without the dots that SMTP adds. */
  readonly raw: Buffer;
}

/** A relay that can misbehave in every way a relay can: SMTP on a bare socket, because a whole server would be too polite. */
export class Sink {
  /** Every whole body that came, whatever became of it. */
  readonly offered: SinkMail[] = [];
  /** Those that the sink took: they are in somebody's inbox now. */
  readonly accepted: SinkMail[] = [];
  /** How recipients without a script of their own are answered. */
  otherwise: Answer = 'accept';
  /** How often each answer was really given. */
  readonly given = new Map<Answer, number>();
  /** Most connections that were open at a door at once. */
  readonly widest: number[] = [];
  /** Told of every moment, with the number of the door that the client came in by, and how to reset its connection. */
  watch: (moment: Moment, door: number, reset: () => void) => void = () => undefined;
  /** Milliseconds until the dot is answered. */
  pause: () => number = () => 0;
  private readonly servers: net.Server[] = [];
  private readonly ports: number[] = [];
  private readonly open: number[] = [];
  private readonly scripts = new Map<string, Answer[]>();
  private readonly sockets = new Set<net.Socket>();
  private held: (() => void)[] = [];

  private constructor() {}

  /** @param doors ports that lead to the same relay; a client that has one to itself can be told from the others */
  static async open(doors = 1): Promise<Sink> {
    const sink = new Sink();
    for (let door = 0; door < doors; door++) {
      const server = net.createServer((socket) => sink.talk(socket, door));
      sink.servers.push(server);
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
      sink.ports.push((server.address() as net.AddressInfo).port);
    }
    return sink;
  }

  get url(): string {
    return this.urlOf(0);
  }

  urlOf(door: number): string {
    return `smtp://127.0.0.1:${this.ports[door]}`;
  }

  /** The next messages for the recipient are answered like this, one after the other; those after them as all others. */
  answer(to: string, ...answers: Answer[]): void {
    this.scripts.set(to, answers);
  }

  /** Bodies whose answer is held back. */
  get holding(): number {
    return this.held.length;
  }

  /** Accepts what is held back, the first so many or all of it. */
  release(howMany = Infinity): void {
    for (const go of this.held.splice(0, howMany)) go();
  }

  /** Opens the doors that were closed, where they were. */
  async reopen(): Promise<void> {
    await Promise.all(this.servers.map((server, door) => new Promise<void>((listening) => server.listen(this.ports[door], '127.0.0.1', listening))));
  }

  /** Whoever comes now is refused. */
  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(this.servers.map((server) => new Promise<void>((closed) => server.close(() => closed()))));
  }

  private count(answer: Answer): void {
    this.given.set(answer, (this.given.get(answer) ?? 0) + 1);
  }

  private talk(socket: net.Socket, door: number): void {
    this.sockets.add(socket);
    this.open[door] = (this.open[door] ?? 0) + 1;
    this.widest[door] = Math.max(this.widest[door] ?? 0, this.open[door]);
    socket.on('close', () => {
      this.sockets.delete(socket);
      this.open[door] = (this.open[door] ?? 1) - 1;
    });
    socket.on('error', () => undefined); // a client that went away is no concern of ours
    let buffer = '';
    let inBody = false;
    let bodyBegun = false;
    let from = '';
    let to = '';
    let answer: Answer = 'accept';
    let refused = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    const at = (moment: Moment) => this.watch(moment, door, () => socket.resetAndDestroy());
    /** What came is taken or not at once; only the answer takes its time. */
    const end = (reply: () => void): void => {
      at('dot');
      const ms = this.pause();
      const go = () => {
        reply();
        at('answered');
      };
      if (ms > 0) setTimeout(go, ms);
      else go();
    };
    const body = (text: string): void => {
      const mail = { from, to, raw: Buffer.from(text.replace(/(^|\r\n)\.\./g, '$1.'), 'latin1') };
      this.offered.push(mail);
      this.count(answer);
      const taken = () => say('250 2.0.0 taken');
      if (answer === 'defer') end(() => say('451 4.3.0 try again later'));
      else if (answer === 'refuse') end(() => say('554 5.7.1 we do not want this'));
      else if (answer === 'not-ours') end(() => say('550 5.7.26 this mail has not been authenticated'));
      else if (answer === 'shut-down')
        end(() => {
          say('421 4.3.2 shutting down');
          socket.end();
        });
      else if (answer === 'hold')
        this.held.push(() => {
          this.accepted.push(mail);
          taken();
        });
      else {
        this.accepted.push(mail);
        if (answer === 'reset-after-dot') end(() => socket.resetAndDestroy());
        else if (answer === 'fin-after-dot') end(() => socket.end());
        else if (answer === 'hang-after-dot') end(() => undefined);
        else end(taken);
      }
    };
    const command = (line: string): void => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') say('250-sink\r\n250 PIPELINING');
      else if (verb === 'HELO') say('250 sink');
      else if (verb === 'MAIL') {
        at('mail');
        from = /<([^>]*)>/.exec(line)?.[1] ?? '';
        say('250 ok');
      } else if (verb === 'RCPT') {
        to = /<([^>]*)>/.exec(line)?.[1] ?? '';
        answer = this.scripts.get(to)?.shift() ?? this.otherwise;
        refused = answer === 'no-such-mailbox' || answer === 'defer-recipient';
        if (answer === 'reset-at-rcpt') {
          this.count(answer);
          return void socket.resetAndDestroy();
        }
        if (answer === 'no-such-mailbox') say('550 5.1.1 no such mailbox');
        else if (answer === 'defer-recipient') say('451 4.2.1 try again later');
        else say('250 2.1.5 ok');
      } else if (verb === 'DATA' && refused) say('554 5.5.1 no valid recipients');
      else if (verb === 'DATA') {
        at('data');
        if (answer === 'reset-at-data') {
          this.count(answer);
          return void socket.resetAndDestroy();
        }
        inBody = true;
        bodyBegun = false;
        say('354 go on');
      } else if (verb === 'QUIT') {
        say('221 bye');
        socket.end();
      } else say('250 ok');
    };
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      buffer += chunk;
      if (inBody && !bodyBegun) {
        bodyBegun = true;
        at('body');
      }
      for (;;) {
        const end = inBody ? buffer.indexOf('\r\n.\r\n') : buffer.indexOf('\r\n');
        if (end < 0) return;
        // the line break before the dot belongs to the body
        const read = buffer.slice(0, inBody ? end + 2 : end);
        buffer = buffer.slice(end + (inBody ? 5 : 2));
        if (inBody) {
          inBody = false;
          body(read);
        } else command(read);
      }
    });
    at('connect');
    say('220 sink ESMTP');
  }
}
