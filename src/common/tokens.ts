import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits for a link or session, as 43 characters of base64url. */
export const randomToken = (): string => randomBytes(32).toString('base64url');

export const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

/** Signs and checks what leaves the house inside links. The secret never does. */
export class Signer {
  constructor(private readonly secret: string) {}

  /** 192 bits of HMAC-SHA-256 over purpose and parts, as 32 characters of base64url. */
  sign(purpose: string, ...parts: string[]): string {
    return createHmac('sha256', this.secret)
      .update([purpose, ...parts].map((p) => `${p.length}:${p}`).join(''))
      .digest()
      .subarray(0, 24)
      .toString('base64url');
  }

  /** `id.signature`: a link token that needs no row of its own. */
  token(purpose: string, id: string, ...parts: string[]): string {
    return `${id}.${this.sign(purpose, id, ...parts)}`;
  }

  /** The id inside a token, not yet believed: callers look up the row, then check with {@link matches}. */
  static idOf(token: string): string | undefined {
    return /^([0-9a-f-]{36})\.[\w-]{32}$/.exec(token)?.[1];
  }

  /** The two ids inside a token about a pair, `id.id.signature`; not yet believed either. */
  static pairOf(token: string): readonly [string, string] | undefined {
    const [, first, second] = /^([0-9a-f-]{36})\.([0-9a-f-]{36})\.[\w-]{32}$/.exec(token) ?? [];
    return first && second ? [first, second] : undefined;
  }

  matches(token: string, purpose: string, id: string, ...parts: string[]): boolean {
    const wanted = Buffer.from(this.token(purpose, id, ...parts));
    const given = Buffer.from(token);
    return wanted.length === given.length && timingSafeEqual(wanted, given);
  }

  /** Six digits for a person to type, derived, so that no code is ever stored. */
  code(purpose: string, ...parts: string[]): string {
    const n = createHmac('sha256', this.secret)
      .update(['code', purpose, ...parts].map((p) => `${p.length}:${p}`).join(''))
      .digest()
      .readUIntBE(0, 6);
    return String(n % 1_000_000).padStart(6, '0');
  }
}
