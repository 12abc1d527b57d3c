/** The relay of `npm run bench:digest`, in a process of its own: takes everything, counts it, and says when so many have come. */
import { SMTPServer } from 'smtp-server';
import type { Counted } from './processes.js';

const got = { messages: 0, bytes: 0, recipients: new Set<string>() };
let expected = Infinity;

const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  logger: false,
  onData: (stream, session, done) => {
    stream.on('data', (chunk: Buffer) => (got.bytes += chunk.length));
    stream.on('end', () => {
      got.messages++;
      for (const { address } of session.envelope.rcptTo) got.recipients.add(address);
      done();
      if (got.messages === expected) tell();
    });
  },
});
const tell = (): void => {
  process.send?.({ at: Date.now(), messages: got.messages, bytes: got.bytes, recipients: got.recipients.size } satisfies Counted);
};

if (!process.send || process.argv.includes('--help')) {
  console.log('usage: sink\nStarted by npm run bench:digest.');
} else {
  server.on('error', () => undefined);
  process.on('message', ({ expect }: { expect: number }) => {
    Object.assign(got, { messages: 0, bytes: 0, recipients: new Set() });
    expected = expect;
  });
  process.on('disconnect', () => process.exit(0));
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.server.address() as { port: number }).port }));
}
