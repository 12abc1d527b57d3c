import type { Attachment, ParsedMail } from 'mailparser';
import { tidy } from '../common/text.js';
import { BAD_ADDRESS } from './outcome.js';

/** What a report says was done with a mail: the actions of RFC 3464, and the complaint of RFC 5965. */
export const ACTIONS = ['failed', 'delayed', 'delivered', 'relayed', 'expanded', 'complaint'] as const;
export type Action = (typeof ACTIONS)[number];

/** What it means to us. `delivered` is any proof that the mail went on, `delayed` is not yet an ending. */
export const REPORT_KINDS = ['hard', 'soft', 'complaint', 'delivered', 'delayed'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** What happened to one mail, in the one shape that every way in ends in. */
export interface Event {
  readonly kind: ReportKind;
  readonly action: Action;
  /** Enhanced status code (RFC 3463), `5.1.1`. */
  readonly status: string | null;
  /** What the other side said, one line of at most 300 characters. */
  readonly diagnostic: string | null;
}

/** An event of a digest that we know it is about. */
export interface Report extends Event {
  readonly digestId: string;
  readonly receivedAt: Date;
}

/** A report as it was read, with whatever in it may say which digest it is about; none of that is believed yet. */
export interface ReadReport extends Event {
  /** Addresses that may be a return path of ours. */
  readonly returnPaths: readonly string[];
  /** Message-IDs of the original mail, without brackets. */
  readonly messageIds: readonly string[];
}

/** Longest report that is read, in bytes: a digest has at most 90 KB, and a report may hold it whole. */
export const REPORT_BYTES = 512 * 1024;

/** Only a few codes say that an address will never work; any other failure may be a passing one. */
export function kindOf(action: Action, status: string | null): ReportKind {
  switch (action) {
    case 'complaint':
      return 'complaint';
    case 'delivered':
    case 'relayed':
    case 'expanded':
      return 'delivered';
    case 'delayed':
      return 'delayed';
    case 'failed':
      return status !== null && BAD_ADDRESS.has(status) ? 'hard' : 'soft';
  }
}

/** One line that a database can hold and a page can show. */
export const diagnosticOf = (text: string): string | null =>
  tidy(text.replace(/\s+/g, ' '))
    .slice(0, 300)
    .replace(/\p{Surrogate}/gu, '') || null;

const eventOf = (action: Action, status: string | null, diagnostic: string): Event => ({
  kind: kindOf(action, status),
  action,
  status,
  diagnostic: diagnosticOf(diagnostic),
});

/**
 * Reads a message that came back: a delivery report (RFC 3464, RFC 6533), a complaint (RFC 5965) or qmail's own plain text.
 * @param raw any bytes at all
 * @returns null where it is none of these: an absence note, spam, noise
 */
export async function readReport(raw: Buffer): Promise<ReadReport | null> {
  if (raw.length > REPORT_BYTES) return null;
  let mail: ParsedMail;
  try {
    const { simpleParser } = await import('mailparser');
    mail = await simpleParser(raw, {
      keepDeliveryStatus: true,
      ignoreEmbedded: true,
      skipHtmlToText: true,
      skipTextToHtml: true,
      skipImageLinks: true,
      checksumAlgo: false,
      maxChildNodes: 50,
    });
  } catch {
    return null; // what the parser cannot take is no report
  }
  const event = complaint(mail) ?? deliveryStatus(mail) ?? qmail(mail);
  return event ? { ...event, ...origin(mail) } : null;
}

const part = (mail: ParsedMail, type: RegExp): Attachment | undefined => mail.attachments.find(({ contentType }) => type.test(contentType));
const textOf = (attachment: Attachment): string => attachment.content.toString('utf8');

/** Groups of `Name: value` lines with an empty line between them; names in lower case, the first of a name counts. */
export function fieldGroups(text: string): Map<string, string>[] {
  return text
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n/)
    .map((block) => {
      const fields = new Map<string, string>();
      for (const line of block.replace(/\n[ \t]+/g, ' ').split('\n')) {
        const [, name, value] = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line) ?? [];
        if (name && value !== undefined && !fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), value.trim());
      }
      return fields;
    })
    .filter((fields) => fields.size > 0);
}

function complaint(mail: ParsedMail): Event | undefined {
  const found = part(mail, /^message\/feedback-report$/i);
  const fields = found && fieldGroups(textOf(found))[0];
  // others say "this is no spam", or are about viruses
  if (fields?.get('feedback-type')?.toLowerCase() !== 'abuse') return undefined;
  return eventOf('complaint', null, fields.get('user-agent') ?? '');
}

function deliveryStatus(mail: ParsedMail): Event | undefined {
  const found = part(mail, /^message\/(global-)?delivery-status$/i);
  if (!found) return undefined;
  const recipients = fieldGroups(textOf(found)).filter((fields) => fields.has('action') || fields.has('status'));
  const read = recipients.map((fields) => {
    const diagnostic = (fields.get('diagnostic-code') ?? '').replace(/^[\w-]+[ \t]*;[ \t]*/, '');
    const status = statusOf(fields.get('status') ?? '', diagnostic);
    const action = actionOf(fields.get('action') ?? '', status);
    return action && eventOf(action, status, diagnostic || (fields.get('status') ?? ''));
  });
  // a digest has one reader; where the address stands for several, one who cannot be reached is what we are told of
  return read.find((event) => event?.action === 'failed') ?? read.find((event) => event !== undefined);
}

const CODE = /\b([245])\.(\d{1,3})\.(\d{1,3})\b/;

/** The code of the field; where that says nothing (5.0.0), the one the other server answered with, right behind its reply code. */
function statusOf(field: string, diagnostic: string): string | null {
  const [stated] = CODE.exec(field) ?? [];
  const said = /^\W*[245]\d\d[ -]#?([245]\.\d{1,3}\.\d{1,3})\b/.exec(diagnostic)?.[1];
  if (!stated) return said ?? null;
  return said !== undefined && stated.endsWith('.0.0') && said[0] === stated[0] ? said : stated;
}

function actionOf(field: string, status: string | null): Action | undefined {
  const word = /^[a-z]+/.exec(field.toLowerCase())?.[0];
  const known = ACTIONS.find((action) => action === word && action !== 'complaint');
  if (known) return known;
  return status === null ? undefined : ({ '2': 'delivered', '4': 'delayed', '5': 'failed' } as const)[status[0] as '2' | '4' | '5'];
}

/** qmail says it in words (QSBMF): a paragraph a recipient, the code behind a # in brackets. */
function qmail(mail: ParsedMail): Event | undefined {
  const text = (mail.text ?? '').replace(/\r\n?/g, '\n');
  if (!/^Hi\. This is /.test(text.trimStart())) return undefined;
  const [said = ''] = text.split(/\n--- /);
  const [, reason] = /\n<[^<>\s]+>:\n((?:.+\n?)+)/.exec(said) ?? [];
  if (!reason) return undefined;
  const status = /\(#([245]\.\d{1,3}\.\d{1,3})\)/.exec(reason)?.[1] ?? /\b[45]\d\d[ _-]#?([245]\.\d{1,3}\.\d{1,3})\b/.exec(reason)?.[1] ?? null;
  return eventOf('failed', status, reason);
}

/** Where the report came to, and what the original mail says of itself. */
function origin(mail: ParsedMail): Pick<ReadReport, 'returnPaths' | 'messageIds'> {
  const original = part(mail, /^(message\/(global|rfc822)(-headers)?|text\/rfc822-headers)$/i);
  const headers = (original && fieldGroups(textOf(original))[0]) ?? qmailCopy(mail);
  const feedback = part(mail, /^message\/feedback-report$/i);
  const own = mail.headerLines.filter(({ key }) => ['to', 'delivered-to', 'x-original-to'].includes(key)).map(({ line }) => line);
  const texts = [...own, headers.get('return-path') ?? '', (feedback && fieldGroups(textOf(feedback))[0]?.get('original-mail-from')) ?? ''];
  return {
    returnPaths: texts.flatMap((text) => text.match(/b\+[0-9a-f]{32}\.[0-9a-f]{28}@[\w.-]+/gi) ?? []),
    messageIds: [/<([^<>\s]+)>/.exec(headers.get('message-id') ?? '')?.[1] ?? ''].filter(Boolean),
  };
}

/** qmail puts the original below a line that says so. */
function qmailCopy(mail: ParsedMail): Map<string, string> {
  const [, copy = ''] = (mail.text ?? '').replace(/\r\n?/g, '\n').split(/\n--- .*\n\s*/, 2);
  return fieldGroups(copy)[0] ?? new Map<string, string>();
}
