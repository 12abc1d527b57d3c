import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { REPORT_BYTES } from './report.js';

/** Who decides what is taken, and what becomes of it. */
export interface Intake {
  /** Whether mail to the address is taken at all. */
  accepts(address: string): boolean;
  /** Takes a whole message that came to an accepted address; when it throws, the sender is asked to come again. */
  take(raw: Buffer, address: string): Promise<void>;
}

const refused = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode });

/**
 * Takes what comes back, and nothing else: a message goes to one address that the intake accepts, or nowhere. There is no signing in and nothing
 * is passed on. No STARTTLS: a certificate that nobody can check protects nobody, and reports hold no secrets; put a relay in front for it.
 */
export class BounceListener {
  private readonly server: SMTPServer;

  constructor(name: string, intake: Intake) {
    this.server = new SMTPServer({
      name,
      banner: 'reports only',
      disabledCommands: ['AUTH', 'STARTTLS'],
      size: REPORT_BYTES,
      disableReverseLookup: true,
      maxClients: 20,
      socketTimeout: 60_000,
      closeTimeout: 2000,
      logger: false,
      onRcptTo: ({ address }, session, done) => {
        if (!intake.accepts(address)) done(refused(550, '5.1.1 no such mailbox'));
        else if (session.envelope.rcptTo.length) done(refused(452, '4.5.3 one recipient at a time'));
        else done();
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        stream.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes <= REPORT_BYTES) chunks.push(chunk);
        });
        stream.on('end', () => {
          if (bytes > REPORT_BYTES) return done(refused(552, '5.3.4 longer than any report'));
          intake.take(Buffer.concat(chunks), session.envelope.rcptTo[0]?.address ?? '').then(
            () => done(),
            () => done(refused(451, '4.3.0 come again later')),
          );
        });
      },
    });
    this.server.on('error', () => undefined); // a client that went away is no concern of ours
  }

  /**
   * @param port 0 for any free one
   * @returns the port
   */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((listening, failed) => {
      this.server.server.once('error', failed);
      this.server.listen(port, host, () => listening());
    });
    return (this.server.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise<void>((closed) => this.server.close(() => closed()));
  }
}
