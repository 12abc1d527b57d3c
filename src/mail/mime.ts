import { createHash } from 'node:crypto';
import MimeNode from 'nodemailer/lib/mime-node';

/** What a mail says, and to whom. */
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

/** What is the same in every mail of the house. */
export interface Letterhead {
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo: string | undefined;
  /** The sender's domain; names the list. */
  readonly domain: string;
}

/**
 * The message, byte for byte: multipart/alternative, both parts in base64. Pure: the same mail gives the same bytes.
 * The headers are nodemailer's work, names and subjects being what people typed; its way of putting parts together is not used, because it
 * costs more than all the rest of a digest.
 */
export function mime(mail: Mail, { from, replyTo, domain }: Letterhead): Buffer {
  const boundary = `--_${createHash('sha256').update(mail.messageId).digest('base64url').slice(0, 24)}`;
  const root = new MimeNode(`multipart/alternative; boundary="${boundary}"`);
  root.setHeader([
    { key: 'From', value: from },
    { key: 'To', value: mail.to },
    ...(replyTo ? [{ key: 'Reply-To', value: replyTo }] : []),
    { key: 'Subject', value: mail.subject },
    { key: 'Message-ID', value: `<${mail.messageId}>` },
    { key: 'Date', value: mail.date },
    { key: 'Content-Language', value: mail.language },
    { key: 'Auto-Submitted', value: 'auto-generated' },
    { key: 'X-Auto-Response-Suppress', value: 'All' },
    ...(mail.list
      ? [
          { key: 'List-ID', value: `<${mail.list.id}.${domain}>` },
          { key: 'List-Unsubscribe', value: `<${mail.list.unsubscribeUrl}>` },
          { key: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
        ]
      : []),
  ]);
  const part = (type: string, text: string) =>
    `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(text)}\r\n`;
  return Buffer.from(`${root.buildHeaders()}\r\n\r\n${part('text/plain', mail.text)}${part('text/html', mail.html)}--${boundary}--\r\n`);
}

/** In lines of 76, of a text whose own lines end in CR LF (RFC 2045, 6.8). */
function base64(text: string): string {
  const whole = Buffer.from(text.replace(/\r*\n|\r/g, '\r\n')).toString('base64');
  let lines = '';
  for (let at = 0; at < whole.length; at += 76) lines += `${at ? '\r\n' : ''}${whole.slice(at, at + 76)}`;
  return lines;
}
