import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import { type Letterhead, type Mail, mime } from './mime.js';

const HEAD: Letterhead = { from: { name: 'چیمبر "Hyderabad"', address: 'digest@rabta.example' }, replyTo: 'desk@rabta.example', domain: 'rabta.example' };

/** What nodemailer's own composer makes of the same mail. */
async function composed(mail: Mail): Promise<Buffer> {
  const { message } = await createTransport({ streamTransport: true, buffer: true, newline: 'windows' }).sendMail({
    from: HEAD.from,
    to: mail.to,
    replyTo: HEAD.replyTo,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: `<${mail.messageId}>`,
    date: mail.date,
    headers: {
      'Content-Language': mail.language,
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      ...(mail.list
        ? {
            'List-ID': `<${mail.list.id}.${HEAD.domain}>`,
            'List-Unsubscribe': `<${mail.list.unsubscribeUrl}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }
        : {}),
    },
  });
  return message as Buffer;
}

const lines = (text: string | false | undefined): string => (text || '').replace(/\r\n?/g, '\n').trimEnd();
const addresses = (of: AddressObject | AddressObject[] | undefined) => [of ?? []].flat().flatMap(({ value }) => value);

/** What a reader of the message sees. */
const seen = (parsed: ParsedMail) => ({
  from: addresses(parsed.from),
  to: addresses(parsed.to),
  replyTo: addresses(parsed.replyTo),
  subject: parsed.subject,
  text: lines(parsed.text),
  html: lines(parsed.html),
  messageId: parsed.messageId,
  date: parsed.date,
  headers: ['content-language', 'auto-submitted', 'x-auto-response-suppress', 'list', 'mime-version'].map((name) => parsed.headers.get(name)),
  attachments: parsed.attachments.length,
});

const hostile = fc.array(
  fc.oneof(
    fc.constantFrom(
      '\r\nBcc: all@elsewhere.example',
      '\n',
      '\r',
      '"',
      '\\',
      ',',
      ';',
      '<x@elsewhere.example>',
      '=?utf-8?Q?x?=',
      '\u202e',
      '\u2068',
      '\0',
      '\t',
      '(',
      '.',
    ),
    fc.constantFrom('Naila', 'نائلہ', 'نائله ڄامشورو', '红辣椒贸易', 'Kunri & Sons', 'é', '🌶️', ' '),
    fc.string({ maxLength: 40 }),
  ),
  { minLength: 1, maxLength: 12 },
);
const words = hostile.map((parts) => parts.join(''));
const mails = fc.record({
  to: fc.record({ name: words, address: fc.constantFrom('naila@kunri.example', 'a.b+c@xn--mgbai9azgqp6j.example', "o'neil@kunri.example") }),
  subject: fc.oneof(
    words,
    words.map((text) => text.repeat(20)),
  ),
  text: words.map((text) => `${text}\n.\n..\nFrom here\n${'x'.repeat(2000)}\n`),
  html: words.map((text) => `<p>${text.replace(/[<>&]/g, '')}</p>\n.\n`),
  messageId: fc.uuid().map((id) => `d.${id}@rabta.example`),
  date: fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
  language: fc.constantFrom('en', 'ur', 'sd', 'zh-Hans'),
  list: fc.option(fc.record({ id: fc.constant('digest'), unsubscribeUrl: fc.uuid().map((id) => `https://rabta.example/u/${id}.${'x'.repeat(32)}`) }), {
    nil: undefined,
  }),
});
const given = ({ list, ...rest }: { list: Mail['list'] | undefined } & Omit<Mail, 'list'>): Mail => (list ? { ...rest, list } : rest);

describe('a message', () => {
  it('reads as what nodemailer would have made of the same mail', async () => {
    await fc.assert(
      fc.asyncProperty(mails, async (made) => {
        const mail = given(made);
        expect(seen(await simpleParser(mime(mail, HEAD)))).toEqual(seen(await simpleParser(await composed(mail))));
      }),
      { numRuns: 150 },
    );
  });

  it('has each header once and none from what people typed, short lines that end in CR LF, and ASCII alone', () => {
    fc.assert(
      fc.property(mails, (made) => {
        const raw = mime(given(made), HEAD).toString('latin1');
        const [head = ''] = raw.split('\r\n\r\n');
        const names = [...head.matchAll(/^([!-9;-~]+):/gm)].map(([, name]) => name?.toLowerCase());
        const wanted = ['from', 'to', 'reply-to', 'subject', 'message-id', 'date', 'content-language', 'auto-submitted', 'x-auto-response-suppress'];
        const list = made.list ? ['list-id', 'list-unsubscribe', 'list-unsubscribe-post'] : [];
        const own = names.filter((name) => name !== 'content-transfer-encoding');
        expect(own.sort()).toEqual(
          [...wanted, ...list, 'mime-version', 'content-type'].filter((name) => name !== 'subject' || /^subject:/im.test(head)).sort(),
        );
        expect(raw).not.toMatch(/[^\r]\n|\r[^\n]|[^\r\n\t -~]/);
        expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
        expect(raw.endsWith('--\r\n')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same bytes for the same mail', () => {
    fc.assert(fc.property(mails, (made) => expect(mime(given(made), HEAD).equals(mime(given(made), HEAD))).toBe(true)));
  });
});
