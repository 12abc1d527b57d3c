import { timingSafeEqual } from 'node:crypto';
import type { Signer } from '../common/tokens.js';

/**
 * Signature of a return path: 112 bits as hex digits. Other mail servers may fold a local part to lower case and cut it after 64 octets
 * (RFC 5321, 4.5.3.1.1): `b+`, 32 digits, a dot and these 28 are 63.
 */
const tagOf = (signer: Signer, digestId: string): string => Buffer.from(signer.sign('return-path', digestId), 'base64url').subarray(0, 14).toString('hex');

/**
 * The envelope sender of one digest (VERP): whatever comes back to it says which digest it is about, and nobody else can make one.
 * @param digestId uuid of the ledger row
 * @param domain where bounces are received, BOUNCE_DOMAIN
 * @returns `b+<id without dashes>.<signature>@<domain>`
 */
export function returnPath(signer: Signer, digestId: string, domain: string): string {
  return `b+${digestId.replaceAll('-', '')}.${tagOf(signer, digestId)}@${domain}`;
}

/**
 * The digest that an address is the return path of, if the signature is ours; letters' case does not matter.
 * @param address an addr-spec as a stranger gave it
 */
export function digestOfReturnPath(signer: Signer, address: string, domain: string): string | undefined {
  const [, id, tag, at] = /^b\+([0-9a-f]{32})\.([0-9a-f]{28})@([^\s@]+)$/.exec(address.trim().toLowerCase()) ?? [];
  if (!id || !tag || at !== domain.toLowerCase()) return undefined;
  const digestId = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return timingSafeEqual(Buffer.from(tagOf(signer, digestId)), Buffer.from(tag)) ? digestId : undefined;
}
