import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type net from 'node:net';

/** An answer of the relay. */
interface Reply {
  readonly code: number;
  /** All its lines. */
  readonly text: string;
}

/** An answer that is not the one a command needs to go on; named as nodemailer names them. */
export class Refused extends Error {
  readonly responseCode: number;
  readonly response: string;

  constructor({ code, text }: Reply) {
    super(text);
    this.responseCode = code;
    this.response = text;
  }
}

/** How far a message has come. */
export interface Given {
  /** The first byte of the body is out of our hands … */
  body: boolean;
}

interface Awaited {
  readonly come: (reply: Reply) => void;
  readonly lost: (error: Error) => void;
}

const LAST_LINE = /^\d{3}(?:[ \r]|$)/;
const isGood = ({ code }: Reply): boolean => code >= 200 && code < 300;

/**
 * Messages over a connection that nodemailer has opened, encrypted and signed in. It is asked for no more, because its way of sending one costs more than
 * writing it, and because here it is known to the byte what the relay has been given. With PIPELINING (RFC 2920) the envelope goes out in one piece, the
 * body always does.
 */
export class Conversation {
  /** Nothing more can be said: the connection is gone, or nobody knows any longer what the next answer is about. */
  over = false;
  private readonly socket: net.Socket;
  private readonly awaited: Awaited[] = [];
  private rest = '';
  private lines = '';
  private readonly pipelining: boolean;
  private readonly sizes: boolean;
  private readonly international: boolean;

  /** @param offers what the relay answered to EHLO */
  constructor(
    private readonly connection: SMTPConnection,
    offers: string,
  ) {
    const offered = (extension: string): boolean => new RegExp(`^\\d{3}[ -]${extension}\\b`, 'im').test(offers);
    this.pipelining = offered('PIPELINING');
    this.sizes = offered('SIZE');
    this.international = offered('SMTPUTF8');
    this.socket = connection._socket as net.Socket;
    this.socket.removeAllListeners('data').on('data', (chunk: Buffer) => this.hear(chunk.toString('latin1')));
    // whatever becomes of the socket nodemailer tells us
    connection.on('error', (error: Error) => this.end(error)).on('end', () => this.end(new Error('the relay closed the connection')));
  }

  /**
   * Hands one message over.
   * @param raw lines that end in CR LF, the last one too
   * @param given is told when the body goes out
   * @returns the answer to the whole message
   * @throws Refused, after which the next message may follow once {@link reset} has gone well; any other error ends the conversation
   */
  async hand(from: string, to: string, raw: Buffer, given: Given): Promise<string> {
    if (/[\r\n<>]/.test(from + to)) throw new Error('no address');
    const envelope = [`MAIL FROM:<${from}>${this.parameters(from + to, raw.length)}`, `RCPT TO:<${to}>`, 'DATA'];
    for (const commands of this.pipelining ? [envelope] : envelope.map((command) => [command])) {
      const answers = this.say(commands);
      for (const [i, answer] of answers.entries()) {
        const reply = await answer;
        if (commands[i] === 'DATA' ? reply.code === 354 : isGood(reply)) continue;
        // a body expected for a message without a recipient (RFC 2920, 3.1): rather a new connection than an empty mail
        if (i + 1 < answers.length && (await answers.at(-1)?.catch(() => undefined))?.code === 354) this.close();
        throw new Refused(reply);
      }
    }
    const answer = this.answer();
    given.body = !this.over;
    if (given.body) this.socket.write(Buffer.concat([stuffed(raw), END]));
    const reply = await answer;
    if (!isGood(reply)) throw new Refused(reply);
    return reply.text;
  }

  /** RSET; whether the relay agreed. */
  async reset(): Promise<boolean> {
    const [answer] = this.say(['RSET']);
    return (await answer?.catch(() => undefined))?.code === 250;
  }

  close(): void {
    this.end(new Error('closed'));
    this.connection.close();
  }

  private parameters(addresses: string, size: number): string {
    const international = /[^\x00-\x7f]/.test(addresses) && this.international;
    return `${international ? ' SMTPUTF8' : ''}${this.sizes ? ` SIZE=${size}` : ''}`;
  }

  /** Says several commands at once; an answer for each. */
  private say(commands: readonly string[]): Promise<Reply>[] {
    const answers = commands.map(() => this.answer());
    if (!this.over) this.socket.write(commands.map((command) => `${command}\r\n`).join(''));
    return answers;
  }

  private answer(): Promise<Reply> {
    const answer = new Promise<Reply>((come, lost) => {
      if (this.over) lost(new Error('the relay closed the connection'));
      else this.awaited.push({ come, lost });
    });
    answer.catch(() => undefined); // of several at once the first that is lost says it all
    return answer;
  }

  private hear(chunk: string): void {
    const lines = (this.rest + chunk).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      this.lines += this.lines ? `\n${line}` : line;
      if (!LAST_LINE.test(line)) continue;
      const reply = { code: Number(line.slice(0, 3)), text: Buffer.from(this.lines, 'latin1').toString().trimEnd() };
      this.lines = '';
      const awaited = this.awaited.shift();
      if (!awaited) return this.close(); // a farewell nobody asked for, as when a connection has been idle too long
      awaited.come(reply);
    }
    if (this.rest.length + this.lines.length > 100_000) this.close();
  }

  private end(error: Error): void {
    this.over = true;
    for (const { lost } of this.awaited.splice(0)) lost(error);
  }
}

const END = Buffer.from('.\r\n');
const DOT_LINE = Buffer.from('\r\n.');

/** A line that begins with a dot gets another one (RFC 5321, 4.5.2). */
function stuffed(raw: Buffer): Buffer {
  if (raw[0] !== 0x2e && !raw.includes(DOT_LINE)) return raw;
  return Buffer.from(raw.toString('latin1').replace(/(^|\r\n)\./g, '$1..'), 'latin1');
}
