import { afterEach, describe, expect, it } from '@jest/globals';
import net from 'node:net';
import { Transport } from './transport.js';
import { readEnv } from '../config/env.js';

/** A relay that answers what it is told to; each answer belongs to one command or one body, in the order in which they come. */
interface Relay {
  readonly url: string;
  /** Connection by connection, what came in one piece. */
  readonly heard: string[][];
}

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/**
 * @param connections for each connection the answers to MAIL, RCPT, DATA, body, RSET as they come; `cut` cuts it off
 */
async function relay(offers: string, ...connections: string[][]): Promise<Relay> {
  const heard: string[][] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    const answers = [...(connections[heard.length] ?? [])];
    const pieces: string[] = [];
    heard.push(pieces);
    sockets.add(socket);
    let inBody = false;
    let rest = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1');
      if (/^EHLO/.test(rest)) {
        rest = '';
        return void socket.write(`250-relay\r\n${offers}250 HELP\r\n`);
      }
      pieces.push(chunk.toString('latin1'));
      for (;;) {
        const end = rest.indexOf(inBody ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const data = !inBody && rest.startsWith('DATA');
        rest = rest.slice(end + (inBody ? 5 : 2));
        const answer = answers.shift() ?? '250 ok';
        if (answer === 'cut') return void socket.destroy();
        inBody = data && answer.startsWith('354');
        // a byte at a time: answers come as the net likes
        for (const byte of `${answer}\r\n`) socket.write(byte);
      }
    });
    socket.write('220 relay\r\n');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  ends.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { url: `smtp://127.0.0.1:${(server.address() as net.AddressInfo).port}`, heard };
}

const env = readEnv({ MAIL_FROM: 'digest@rabta.example' });
const connected = ({ url }: Relay) => {
  const connection = new Transport(env, url).open();
  ends.push(() => connection.close());
  return (raw = 'A: b\r\n\r\ntext\r\n', to = 'naila@kunri.example') => connection.send('digest@rabta.example', to, Buffer.from(raw));
};
const ENVELOPE = 'MAIL FROM:<digest@rabta.example>\r\nRCPT TO:<naila@kunri.example>\r\nDATA\r\n';
const PIPELINING = '250-PIPELINING\r\n';
const TAKEN = ['250 ok', '250 ok', '354 go on', '250 2.0.0 taken'];

describe('a conversation with a relay', () => {
  it('says the envelope in one piece where the relay offers it, step by step where it does not, and the body in one piece', async () => {
    const [fast, slow] = [await relay(PIPELINING, [...TAKEN, ...TAKEN]), await relay('', TAKEN)];
    const send = connected(fast);
    expect([await send(), await send(), await connected(slow)()]).toEqual(Array(3).fill({ kind: 'sent', reply: '250 2.0.0 taken' }));
    const body = 'A: b\r\n\r\ntext\r\n.\r\n';
    expect(fast.heard).toEqual([[ENVELOPE, body, ENVELOPE, body]]);
    expect(slow.heard).toEqual([[...ENVELOPE.split(/(?<=\n)/), body]]);
  });

  it('says how large the message is where the relay asks for it, and doubles a dot that begins a line', async () => {
    const to = await relay(`${PIPELINING}250-SIZE 1000\r\n`, TAKEN);
    await connected(to)('.\r\n..\r\nx.\r\n');
    expect(to.heard[0]?.[0]).toContain('MAIL FROM:<digest@rabta.example> SIZE=11\r\n');
    expect(to.heard[0]?.[1]).toBe('..\r\n...\r\nx.\r\n.\r\n');
  });

  it('goes on with the next message after a refused one', async () => {
    const answers = [
      ...['250 ok', '550-5.1.1 no such\r\n550 5.1.1 mailbox', '503 no recipients', '250 reset'],
      ...['250 ok', '250 ok', '354 go on', '451 4.3.0 later', '250 reset'],
      ...TAKEN,
    ];
    const to = await relay(PIPELINING, answers);
    const send = connected(to);
    expect(await send()).toEqual({ kind: 'failed', reply: '550-5.1.1 no such 550 5.1.1 mailbox', blame: 'address' });
    expect(await send()).toEqual({ kind: 'deferred', reply: '451 4.3.0 later' });
    expect(await send()).toMatchObject({ kind: 'sent' });
    expect(to.heard).toHaveLength(1);
  });

  it('sends no body for a recipient that was refused, even where the relay asks for one', async () => {
    const to = await relay(PIPELINING, ['250 ok', '450 4.2.0 later', '354 go on'], TAKEN);
    const send = connected(to);
    expect(await send()).toMatchObject({ kind: 'deferred', reply: '450 4.2.0 later' });
    expect(to.heard).toEqual([[ENVELOPE]]);
    expect(await send()).toMatchObject({ kind: 'sent' });
    expect(to.heard).toHaveLength(2);
  });

  it.each([
    ['before the body has gone out', ['250 ok', '250 ok', 'cut'], { kind: 'deferred' }],
    ['after it', ['250 ok', '250 ok', '354 go on', 'cut'], { kind: 'unknown' }],
    ['with a refusal of the sender', ['550 5.1.8 not you', 'cut'], { kind: 'failed', blame: 'sender' }],
  ])('that is cut off %s ends as it must, and is not gone on with', async (_, answers, outcome) => {
    const to = await relay(PIPELINING, answers, TAKEN);
    const send = connected(to);
    expect(await send()).toMatchObject(outcome);
    expect(await send()).toMatchObject({ kind: 'sent' });
    expect(to.heard).toHaveLength(2);
  });

  it('begins anew, and tells nobody, where the relay has closed a kept connection', async () => {
    const to = await relay(PIPELINING, [...TAKEN, '421 4.4.2 idle too long', 'cut'], TAKEN);
    const send = connected(to);
    expect([await send(), await send()]).toEqual(Array(2).fill({ kind: 'sent', reply: '250 2.0.0 taken' }));
    expect(to.heard).toHaveLength(2);
  });

  it('says nothing that an address could smuggle in', async () => {
    const to = await relay(PIPELINING, TAKEN);
    expect(await connected(to)(undefined, 'a@b.example>\r\nRCPT TO:<c@d.example')).toMatchObject({ kind: 'deferred' });
    expect(to.heard.flat().join('')).not.toContain('c@d.example');
  });
});
