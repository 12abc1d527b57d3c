import fs from 'node:fs';
import { buffer } from 'node:stream/consumers';
import DKIM from 'nodemailer/lib/dkim';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { sha256 } from '../common/tokens.js';
import type { Env } from '../config/env.js';
import { Conversation, type Given } from './conversation.js';
import { type Mail, mime } from './mime.js';
import { classify, type Outcome } from './outcome.js';

/** A message as it goes out, byte for byte, on every try. */
export interface BuiltMail {
  readonly raw: Buffer;
  readonly sha256: string;
}

/** Covers both unsubscribe headers (RFC 8058, section 4); the default list leaves the second one out. */
const SIGNED_HEADERS =
  'From:To:Subject:Date:Message-ID:MIME-Version:Content-Type:Content-Transfer-Encoding:Content-Language:Reply-To:List-ID:List-Unsubscribe:List-Unsubscribe-Post:Auto-Submitted';

/** A connection to the relay that nobody needed for so long is closed. */
const IDLE_MS = 20_000;

/** Builds messages, signs them where a key is set, and hands them to the relay. */
export class Transport {
  /** The domain of the sender's address. */
  readonly domain: string;
  private readonly dkim: DKIM | undefined;

  constructor(
    private readonly env: Env,
    private readonly relayUrl: string,
  ) {
    this.domain = env.MAIL_FROM.slice(env.MAIL_FROM.indexOf('@') + 1);
    if (env.DKIM_KEY_FILE && env.DKIM_DOMAIN) {
      this.dkim = new DKIM({
        domainName: env.DKIM_DOMAIN,
        keySelector: env.DKIM_SELECTOR,
        privateKey: fs.readFileSync(env.DKIM_KEY_FILE, 'utf8'),
        headerFieldNames: SIGNED_HEADERS,
      });
    }
  }

  async build(mail: Mail): Promise<BuiltMail> {
    const from = { name: this.env.CHAMBER_NAME, address: this.env.MAIL_FROM };
    const plain = mime(mail, { from, replyTo: this.env.MAIL_REPLY_TO, domain: this.domain });
    const raw = this.dkim ? await buffer(this.dkim.sign(plain)) : plain;
    return { raw, sha256: sha256(raw) };
  }

  /** A connection to the relay for several messages, one after the other. */
  open(): RelayConnection {
    return new RelayConnection(new URL(this.relayUrl), this.domain);
  }
}

/** Made when the first message needs it, kept for the next, closed when idle. */
export class RelayConnection {
  private conversation: Conversation | undefined;
  private idle: NodeJS.Timeout | undefined;

  constructor(
    private readonly relay: URL,
    private readonly name: string,
  ) {}

  /**
   * Hands one message over. Never throws: every ending is an outcome.
   * @param from the envelope's sender, where reports about the delivery go
   * @param raw lines that end in CR LF
   */
  async send(from: string, to: string, raw: Buffer): Promise<Outcome> {
    clearTimeout(this.idle);
    if (this.conversation?.over) this.close();
    const kept = this.conversation !== undefined;
    const given: Given = { body: false };
    let connected = kept;
    try {
      const conversation = (this.conversation ??= await this.connect());
      connected = true;
      return { kind: 'sent', reply: (await conversation.hand(from, to, raw, given)).slice(0, 300) };
    } catch (error) {
      const { responseCode, response, message } = error as Error & { responseCode?: number; response?: string };
      // an answer leaves a conversation that can go on; whatever else happened, the next message gets a fresh one
      if (!(connected && responseCode !== undefined && responseCode !== 421 && responseCode !== 503 && (await this.conversation?.reset()))) this.close();
      // a connection kept too long, which the relay had closed or was about to (RFC 5321, 3.8): nothing was said of this message yet
      if (kept && !given.body && (responseCode === undefined || responseCode === 421)) return await this.send(from, to, raw);
      return classify({ responseCode, response, message }, { connected, bodyEnded: given.body });
    } finally {
      clearTimeout(this.idle);
      this.idle = setTimeout(() => this.close(), IDLE_MS).unref();
    }
  }

  close(): void {
    clearTimeout(this.idle);
    this.conversation?.close();
    this.conversation = undefined;
  }

  private async connect(): Promise<Conversation> {
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
    const offers = connection.lastServerResponse || '';
    const user = decodeURIComponent(this.relay.username);
    if (user) {
      await new Promise<void>((ready, failed) => {
        connection.login({ credentials: { user, pass: decodeURIComponent(this.relay.password) } }, (error) => (error ? failed(error) : ready()));
      });
    }
    return new Conversation(connection, offers);
  }
}
