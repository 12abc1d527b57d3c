/** Whom a refusal for good is about. */
export type Blame =
  /** This address will never work. */
  | 'address'
  /** The sender's address or domain: ours, whoever the recipient is. */
  | 'sender'
  /** The relay's policy or reputation: ours, once recipients of several domains are refused. */
  | 'policy'
  /** This one mail, or nobody can tell. */
  | 'mail';

/** What became of handing one mail to the relay. */
export type Outcome =
  /** The relay took it. */
  | { readonly kind: 'sent'; readonly reply: string }
  /** Provably not taken; worth another try. */
  | { readonly kind: 'deferred'; readonly reply: string }
  /** Refused for good. */
  | { readonly kind: 'failed'; readonly reply: string; readonly blame: Blame }
  /** The connection broke after the whole body had gone out: taken or not, nobody knows. Never to be sent again blindly (RFC 1047). */
  | { readonly kind: 'unknown'; readonly reply: string };

/** How far a hand-over had come when it ended in an error. */
export interface Progress {
  /** The relay had let us in; what it answers before that is about us, and no mail's fault. */
  readonly connected: boolean;
  /** The last byte of the body had been given to the connection. */
  readonly bodyEnded: boolean;
}

/** Enhanced status codes that mean: this address will never work (RFC 3463). */
export const BAD_ADDRESS: ReadonlySet<string> = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1']);
/** Those that blame the sender's address (RFC 3463, RFC 7505); 5.7.x is policy. */
const BAD_SENDER: ReadonlySet<string> = new Set(['5.1.7', '5.1.8']);

/** Reads an SMTP error; an answer of the relay says what happened, without one only how far the body got does. */
export function classify(error: { responseCode?: number | undefined; response?: string | undefined; message: string }, progress: Progress): Outcome {
  const reply = (error.response ?? error.message).replace(/\s+/g, ' ').slice(0, 300);
  const code = error.responseCode ?? 0;
  if (!progress.connected || (code >= 400 && code < 500)) return { kind: 'deferred', reply };
  if (code === 503) return { kind: 'deferred', reply }; // bad sequence of commands: the conversation went wrong, not the mail
  if (code >= 500) return { kind: 'failed', reply, blame: blameOf(reply) };
  return progress.bodyEnded ? { kind: 'unknown', reply } : { kind: 'deferred', reply };
}

function blameOf(reply: string): Blame {
  const status = /\b5\.\d{1,3}\.\d{1,3}\b/.exec(reply)?.[0] ?? '';
  if (BAD_ADDRESS.has(status)) return 'address';
  if (BAD_SENDER.has(status)) return 'sender';
  return status.startsWith('5.7.') ? 'policy' : 'mail';
}

const RETRY_MINUTES = [5, 15, 60, 240];

/**
 * When to try again after a deferral.
 * @param attempts tries made so far, at least 1
 * @param random 0 to 1, spreads the retries of many rows
 * @returns milliseconds to wait, or undefined after the eighth, at most 24 hours after the first: then it is given up
 */
export function retryAfter(attempts: number, random: number): number | undefined {
  if (attempts > 8) return undefined;
  const minutes = RETRY_MINUTES[Math.min(attempts, RETRY_MINUTES.length) - 1] ?? 240;
  return minutes * 60_000 * (0.8 + 0.3 * random);
}

/**
 * Domains that belong to nobody (RFC 2606, RFC 6761): demo firms live there, and nothing is ever relayed to them.
 * @param address an addr-spec
 */
export function isReserved(address: string): boolean {
  const domain = address
    .slice(address.lastIndexOf('@') + 1)
    .toLowerCase()
    .replace(/\.$/, '');
  return /(^|\.)(example|test|invalid|localhost)$/.test(domain) || /(^|\.)example\.(com|net|org)$/.test(domain);
}
