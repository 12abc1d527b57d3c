import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** A mail as the mailbox shows it. */
export interface CaughtMail {
  readonly id: string;
  /** ISO 8601. */
  readonly date: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  /** Names in lower case, values unfolded but not decoded. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
}

/**
 * Catches all mail where no relay is set: an SMTP listener on loopback that puts each message into a file of its own.
 * Addresses that begin with `bounce` are refused, so that a failed digest can be seen too.
 */
export class Mailbox {
  private readonly parsed = new Map<string, CaughtMail>();
  private server: SMTPServer | undefined;

  constructor(private readonly dir: string) {}

  /** @returns the address of the listener, for use as the relay */
  async listen(): Promise<string> {
    fs.mkdirSync(this.dir, { recursive: true });
    const server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      size: 1_000_000,
      logger: false,
      onRcptTo: (address, _session, done) => {
        if (!address.address.startsWith('bounce')) return done();
        done(Object.assign(new Error('5.1.1 no such mailbox'), { responseCode: 550 }));
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          try {
            this.store(Buffer.concat([returnPathOf(session.envelope.mailFrom), ...chunks]));
            done();
          } catch (error) {
            done(Object.assign(error as Error, { responseCode: 452 }));
          }
        });
      },
    });
    server.on('error', () => undefined); // a client that went away is no concern of ours
    await new Promise<void>((listening, failed) => {
      server.server.once('error', failed);
      server.listen(0, '127.0.0.1', () => listening());
    });
    this.server = server;
    return `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const server = this.server;
    if (server) await new Promise<void>((closed) => server.close(() => closed()));
  }

  /** Safe on disk before the listener says 250: what was accepted survives a kill. */
  private store(raw: Buffer): void {
    const name = `${String(Date.now()).padStart(14, '0')}-${randomBytes(4).toString('hex')}`;
    const half = path.join(this.dir, `${name}.part`);
    const file = fs.openSync(half, 'w');
    fs.writeSync(file, raw);
    fs.fsyncSync(file);
    fs.closeSync(file);
    fs.renameSync(half, path.join(this.dir, `${name}.eml`));
  }

  private ids(): string[] {
    if (!fs.existsSync(this.dir)) return [];
    return fs
      .readdirSync(this.dir)
      .filter((f) => f.endsWith('.eml'))
      .map((f) => f.slice(0, -4))
      .sort()
      .reverse();
  }

  /** Newest first. */
  async messages(limit = 1000): Promise<CaughtMail[]> {
    const found: CaughtMail[] = [];
    for (const id of this.ids().slice(0, limit)) {
      const mail = await this.message(id);
      if (mail) found.push(mail);
    }
    return found;
  }

  async message(id: string): Promise<CaughtMail | undefined> {
    const known = this.parsed.get(id);
    if (known) return known;
    if (!/^[\w-]+$/.test(id)) return undefined;
    const file = path.join(this.dir, `${id}.eml`);
    if (!fs.existsSync(file)) return undefined;
    const mail = shown(id, await readMail(fs.readFileSync(file)));
    this.parsed.set(id, mail);
    return mail;
  }

  /** Message-IDs of all it ever caught: the log of a relay whose log we can read. */
  async messageIds(): Promise<Set<string>> {
    return new Set((await this.messages(Infinity)).map((mail) => mail.headers['message-id'] ?? ''));
  }
}

/** Reads a raw message. The parser is loaded when the first mail is looked at: a start has no need of it. */
export async function readMail(raw: Buffer): Promise<ParsedMail> {
  const { simpleParser } = await import('mailparser');
  return simpleParser(raw, { skipImageLinks: true, skipTextToHtml: true });
}

/** The envelope sender as the last server on the way writes it down (RFC 5321, 4.4). */
function returnPathOf(from: false | { address: string }): Buffer {
  return Buffer.from(`Return-Path: <${from ? from.address : ''}>\r\n`);
}

function shown(id: string, mail: ParsedMail): CaughtMail {
  const headers: Record<string, string> = {};
  for (const { key, line } of mail.headerLines) {
    const value = line
      .slice(line.indexOf(':') + 1)
      .replace(/\r?\n[ \t]+/g, ' ')
      .trim();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  const to = Array.isArray(mail.to) ? mail.to : mail.to ? [mail.to] : [];
  return {
    id,
    date: (mail.date ?? new Date(Number(id.slice(0, 14)))).toISOString(),
    from: mail.from?.text ?? '',
    to: to.map((address) => address.text).join(', '),
    subject: mail.subject ?? '',
    headers,
    text: mail.text ?? '',
    html: mail.html || '',
  };
}
