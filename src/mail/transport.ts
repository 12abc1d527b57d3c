import fs from 'node:fs';
import { Readable } from 'node:stream';
import { createTransport } from 'nodemailer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { sha256 } from '../common/tokens.js';
import type { Env } from '../config/env.js';
import { shorterEncoding } from './encoding.js';
import { classify, type Outcome } from './outcome.js';

export interface Mail {
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Without angle brackets, the same on every try. */
  readonly messageId: string;
  readonly date: Date;
  readonly language: string;
  /** For mail that one can unsubscribe from. */
  readonly list?: { readonly id: string; readonly unsubscribeUrl: string };
}

/** A message as it goes out, byte for byte, on every try. */
export interface BuiltMail {
  readonly raw: Buffer;
  readonly sha256: string;
}

/** Covers both unsubscribe headers (RFC 8058, section 4); the default list leaves the second one out. */
const SIGNED_HEADERS =
  'From:To:Subject:Date:Message-ID:MIME-Version:Content-Type:Content-Transfer-Encoding:Content-Language:Reply-To:List-ID:List-Unsubscribe:List-Unsubscribe-Post:Auto-Submitted';

/** Builds messages, signs them where a key is set, and hands them to the relay. */
export class Transport {
  /** The domain of the sender's address. */
  readonly domain: string;
  private readonly composer;

  constructor(
    private readonly env: Env,
    private readonly relayUrl: string,
  ) {
    this.domain = env.MAIL_FROM.slice(env.MAIL_FROM.indexOf('@') + 1);
    this.composer = createTransport({
      streamTransport: true,
      buffer: true,
      newline: 'windows',
      ...(env.DKIM_KEY_FILE && env.DKIM_DOMAIN
        ? {
            dkim: {
              domainName: env.DKIM_DOMAIN,
              keySelector: env.DKIM_SELECTOR,
              privateKey: fs.readFileSync(env.DKIM_KEY_FILE, 'utf8'),
              headerFieldNames: SIGNED_HEADERS,
            },
          }
        : {}),
    });
  }

  async build(mail: Mail): Promise<BuiltMail> {
    const info = await this.composer.sendMail({
      from: { name: this.env.CHAMBER_NAME, address: this.env.MAIL_FROM },
      to: mail.to,
      ...(this.env.MAIL_REPLY_TO ? { replyTo: this.env.MAIL_REPLY_TO } : {}),
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      textEncoding: shorterEncoding(mail.text + mail.html).encoding,
      messageId: `<${mail.messageId}>`,
      date: mail.date,
      headers: {
        'Content-Language': mail.language,
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'All',
        ...(mail.list
          ? {
              'List-ID': `<${mail.list.id}.${this.domain}>`,
              'List-Unsubscribe': `<${mail.list.unsubscribeUrl}>`,
              'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
            }
          : {}),
      },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    const raw = info.message as Buffer;
    return { raw, sha256: sha256(raw) };
  }

  /** A connection to the relay for several messages, one after the other. */
  open(): RelayConnection {
    return new RelayConnection(new URL(this.relayUrl), this.env.MAIL_FROM, this.domain);
  }
}

/** Gives the body out and remembers how far it came: nodemailer's errors cannot tell. */
class Body extends Readable {
  ended = false;

  constructor(private readonly raw: Buffer) {
    super();
  }

  override _read(): void {
    this.push(this.raw);
    this.push(null);
    this.ended = true;
  }
}

export class RelayConnection {
  private connection: SMTPConnection | undefined;

  constructor(
    private readonly relay: URL,
    private readonly from: string,
    private readonly name: string,
  ) {}

  /**
   * Hands one message over. Never throws: every ending is an outcome.
   * @param from envelope sender, where bounces go; the sender's address unless the message has a return path of its own
   */
  async send(to: string, raw: Buffer, from = this.from): Promise<Outcome> {
    const body = new Body(raw);
    try {
      const connection = (this.connection ??= await this.connect());
      const info = await new Promise<{ response: string }>((taken, refused) => {
        connection.once('error', refused);
        connection.once('end', () => refused(new Error('the relay closed the connection')));
        connection.send({ from, to: [to], size: raw.length }, body, (error, result) => {
          if (error) refused(error);
          else taken(result);
        });
      });
      return { kind: 'sent', reply: info.response.slice(0, 300) };
    } catch (error) {
      this.close(); // whatever state it is in, the next message gets a fresh one
      return classify(error as Error & { responseCode?: number; response?: string }, { bodyEnded: body.ended });
    } finally {
      this.connection?.removeAllListeners('error').removeAllListeners('end');
      this.connection?.on('error', () => this.close());
    }
  }

  close(): void {
    this.connection?.removeAllListeners();
    this.connection?.on('error', () => undefined);
    this.connection?.close();
    this.connection = undefined;
  }

  private async connect(): Promise<SMTPConnection> {
    const secure = this.relay.protocol === 'smtps:';
    const connection = new SMTPConnection({
      host: this.relay.hostname,
      port: Number(this.relay.port || (secure ? 465 : 25)),
      secure,
      name: this.name,
      connectionTimeout: 30_000,
      greetingTimeout: 30_000,
      // the relay may take its time after the dot (RFC 5321, 4.5.3.2.6)
      socketTimeout: 300_000,
    });
    await new Promise<void>((ready, failed) => {
      connection.once('error', failed);
      connection.connect((error) => (error ? failed(error) : ready()));
    });
    const user = decodeURIComponent(this.relay.username);
    if (user) {
      await new Promise<void>((ready, failed) => {
        connection.login({ credentials: { user, pass: decodeURIComponent(this.relay.password) } }, (error) => (error ? failed(error) : ready()));
      });
    }
    connection.removeAllListeners('error');
    return connection;
  }
}
