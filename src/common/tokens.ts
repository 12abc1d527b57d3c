import { createCipheriv, createDecipheriv, createHash, createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits for a link or session, as 43 characters of base64url. */
export const randomToken = (): string => randomBytes(32).toString('base64url');

export const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

/** Signs and checks what leaves the house inside links. The secret never does. */
export class Signer {
  /** Made ready once: a run signs a dozen links for each of its readers. */
  private readonly key: KeyObject;

  constructor(secret: string) {
    this.key = createSecretKey(Buffer.from(secret));
  }

  /** 192 bits of HMAC-SHA-256 over purpose and parts, as 32 characters of base64url. */
  sign(purpose: string, ...parts: string[]): string {
    return createHmac('sha256', this.key)
      .update([purpose, ...parts].map((p) => `${p.length}:${p}`).join(''))
      .digest('base64url')
      .slice(0, 32);
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

  /** What the house must read again and nobody else: AES-256-GCM under a key for the purpose, bound to the id it belongs to. */
  seal(purpose: string, id: string, plain: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.keyFor(purpose), nonce).setAAD(Buffer.from(id));
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** @returns null where it was not sealed for this purpose and id, or under another secret */
  unseal(purpose: string, id: string, sealed: string): string | null {
    const bytes = Buffer.from(sealed, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.keyFor(purpose), bytes.subarray(0, 12), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(id)).setAuthTag(bytes.subarray(12, 28));
      return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      return null;
    }
  }

  private keyFor(purpose: string): Buffer {
    return createHmac('sha256', this.key).update(`seal:${purpose}`).digest();
  }

  /** Six digits for a person to type, derived, so that no code is ever stored. */
  code(purpose: string, ...parts: string[]): string {
    const n = createHmac('sha256', this.key)
      .update(['code', purpose, ...parts].map((p) => `${p.length}:${p}`).join(''))
      .digest()
      .readUIntBE(0, 6);
    return String(n % 1_000_000).padStart(6, '0');
  }
}
