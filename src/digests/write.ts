import type { Env } from '../config/env.js';
import type { DigestUrls } from './answer-links.js';
import { compose } from './compose.js';
import type { RecipientRow, Wanted } from './digests.queries.js';
import { digestHtml, digestText } from './digest.view.js';

/** A digest in both its parts. */
export interface Written {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Those that found room. */
  readonly items: Wanted['items'];
}

/** Mail clients cut off what is longer; a slow line waits for it. Bytes. */
export const MAX_HTML = 60_000;
export const MAX_MESSAGE = 90_000;
/** Headers, signature and boundaries. */
const ENVELOPE = 2_500;
/** How long so many bytes are in a mail, in base64 with its line ends. */
const inBase64 = (bytes: number): number => Math.ceil((bytes / 3) * 4 * (78 / 76));

/**
 * Pure: the digest of one recipient, for the mail and for a preview alike. Should it grow too long it holds fewer items, and says so; those left out
 * come with the next one, as those do that the reader's own limit cut off.
 */
export function writeDigest(
  env: Pick<Env, 'CHAMBER_NAME' | 'CHAMBER_ADDRESS'>,
  to: Pick<RecipientRow, 'language' | 'name' | 'firm_name'>,
  { items, ...wanted }: Wanted,
  urls: DigestUrls,
): Written {
  const model = compose({
    ...wanted,
    items,
    language: to.language,
    contactName: to.name,
    firmName: to.firm_name,
    chamber: { name: env.CHAMBER_NAME, address: env.CHAMBER_ADDRESS },
    urls,
  });
  const [html, text] = [digestHtml(model), digestText(model)];
  const bytes = Buffer.byteLength(html);
  const fits = bytes <= MAX_HTML && inBase64(bytes + Buffer.byteLength(text)) + ENVELOPE <= MAX_MESSAGE;
  if (!fits && items.length > 1) return writeDigest(env, to, { ...wanted, items: items.slice(0, -1) }, urls);
  return { subject: model.subject, html, text, items };
}
