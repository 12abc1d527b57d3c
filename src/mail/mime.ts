import { createHash } from 'node:crypto';
import { foldLines } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import { remembering } from '../common/remembering.js';

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

/** Nodemailer's own ways with names, subjects and addresses, which are what people typed. */
const encoder = new MimeNode();
const header = (name: string, value: Parameters<MimeNode['encodeHeaderValue']>[1]): string => {
  const encoded = encoder.encodeHeaderValue(name, value);
  return encoded.trim() ? `${foldLines(`${name}: ${encoded}`, 76)}\r\n` : '';
};

/** The headers that all mail of the house has, once for each letterhead. */
const ours = remembering<string>(10);

/**
 * The message, byte for byte: multipart/alternative, both parts in base64. Pure: the same mail gives the same bytes.
 * The headers are nodemailer's work; its way of putting parts together is not used, because it costs more than all the rest of a digest.
 */
export function mime(mail: Mail, head: Letterhead): Buffer {
  const boundary = `--_${createHash('sha256').update(mail.messageId).digest('base64url').slice(0, 24)}`;
  const { list } = mail;
  const part = (type: string, text: string) =>
    `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(text)}\r\n`;
  return Buffer.from(
    ours(JSON.stringify(head), () => headersOf(head)) +
      header('To', mail.to) +
      header('Subject', mail.subject) +
      header('Message-ID', `<${mail.messageId}>`) +
      header('Date', mail.date) +
      header('Content-Language', mail.language) +
      (list
        ? header('List-ID', `<${list.id}.${head.domain}>`) +
          header('List-Unsubscribe', `<${list.unsubscribeUrl}>`) +
          'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n'
        : '') +
      `Content-Type: multipart/alternative; boundary="${boundary}"\r\n\r\n` +
      `${part('text/plain', mail.text)}${part('text/html', mail.html)}--${boundary}--\r\n`,
    'latin1',
  );
}

const headersOf = ({ from, replyTo }: Letterhead): string =>
  header('From', from) +
  (replyTo ? header('Reply-To', replyTo) : '') +
  'Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\n';

/** In lines of 76, of a text whose own lines end in CR LF (RFC 2045, 6.8). */
function base64(text: string): string {
  const whole = Buffer.from(text.includes('\n') || text.includes('\r') ? text.replace(/\r*\n|\r/g, '\r\n') : text).toString('base64');
  let lines = whole.slice(0, 76);
  for (let at = 76; at < whole.length; at += 76) lines += `\r\n${whole.slice(at, at + 76)}`;
  return lines;
}
