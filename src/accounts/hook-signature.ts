import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the sender's clock and its signature's age may be off, in milliseconds; older is a replay. */
export const HOOK_WINDOW_MS = 5 * 60_000;

/** Hex of HMAC-SHA-256 over `<timestamp>.<body>`. */
export const hookSignature = (secret: string, timestamp: string, body: Buffer): string =>
  createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex');

/**
 * Whether a webhook was signed with the secret we share, and just now.
 * @param timestamp of header `x-rabta-timestamp`, seconds of the epoch
 * @param signature of header `x-rabta-signature`, hex
 * @param body the bytes as they came
 */
export function isSigned(secret: string, given: { timestamp: unknown; signature: unknown; body: Buffer | undefined }, now: Date): boolean {
  const { timestamp, signature, body } = given;
  if (typeof timestamp !== 'string' || typeof signature !== 'string' || !body) return false;
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now.getTime() - Number(timestamp) * 1000) > HOOK_WINDOW_MS) return false;
  const [wanted, offered] = [Buffer.from(hookSignature(secret, timestamp, body)), Buffer.from(signature)];
  return wanted.length === offered.length && timingSafeEqual(wanted, offered);
}
