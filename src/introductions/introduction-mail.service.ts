import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, In } from 'typeorm';
import { Clock, localDate } from '../common/clock.js';
import { Signer } from '../common/tokens.js';
import { ENV } from '../config/config.module.js';
import type { Env } from '../config/env.js';
import { Firm } from '../firms/firm.entity.js';
import type { Language } from '../language/language.js';
import { say, sayCode, sayDay } from '../language/say.js';
import { drawLetter, type Fact, type LetterText } from '../mail/letter.view.js';
import { type Backlog, type Letter, Outbox, type OwedMail } from '../mail/outbox.js';
import { Transport } from '../mail/transport.js';
import { Opportunity } from '../opportunities/opportunity.entity.js';
import { cardOf, languageOfCounterparty, leadOf } from './card.js';
import { daysOff } from './holidays.js';
import { dueOn, type Owed, OUTCOMES } from './introduction.js';
import { addresseeOf, type Addressed, holidays, introductionOf, type Reach, releasedContacts, type Stored, wantsNoMail } from './introductions.queries.js';

interface Row extends OwedMail {
  readonly introduction_id: string;
  readonly what: Owed['what'];
  /** Null for the counterparty. */
  readonly firm_id: string | null;
  readonly again: number;
}

const PURPOSE = 'introduction';

/** Which introduction a link is about, and who may act by it: a firm, or null for the counterparty. */
export interface LinkHolder {
  readonly introductionId: string;
  readonly firmId: string | null;
}

/** The mails of the way. Each is made when it is sent, of what is so then: one whose time has passed is not sent at all. */
@Injectable()
export class IntroductionMailService {
  private readonly outbox: Outbox<Row>;

  constructor(
    @InjectDataSource() private readonly source: DataSource,
    @Inject(ENV) private readonly env: Env,
    transport: Transport,
    private readonly signer: Signer,
    private readonly clock: Clock,
  ) {
    this.outbox = new Outbox<Row>({ source, env, transport, clock }, 'introduction_mail', 'i', (row) => this.letter(row));
  }

  owed(): Promise<number> {
    return this.outbox.owed();
  }

  backlog(): Promise<Backlog> {
    return this.outbox.backlog();
  }

  deliverOwed(): Promise<void> {
    return this.outbox.deliverOwed();
  }

  /** The address of the page on which one side answers; opening it changes nothing. */
  urlOf({ introductionId, firmId }: LinkHolder): string {
    return `${this.env.APP_URL}/i/${this.signer.token(PURPOSE, firmId === null ? introductionId : `${introductionId}.${firmId}`)}`;
  }

  /** Whom a token names; null where it is not ours. */
  holderOf(token: string): LinkHolder | null {
    const pair = Signer.pairOf(token);
    const id = pair?.[0] ?? Signer.idOf(token);
    if (!id || !this.signer.matches(token, PURPOSE, pair ? pair.join('.') : id)) return null;
    return { introductionId: id, firmId: pair?.[1] ?? null };
  }

  private async letter(row: Row): Promise<Letter | null> {
    const { manager } = this.source;
    const now = await introductionOf(manager, row.introduction_id);
    const lead = now && (await manager.findOneBy(Opportunity, { id: now.opportunityId }));
    if (!lead || !isTimely(row.what, now)) return null;
    const to: Addressed | null =
      row.firm_id === null ? { name: lead.counterparty, email: lead.counterpartyEmail, language: null } : await addresseeOf(manager, now.id, row.firm_id);
    if (!to?.email || (await wantsNoMail(manager, to.email, localDate(this.clock.now(), this.env.CHAMBER_TIME_ZONE)))) return null;
    const language = to.language ?? languageOfCounterparty(lead.country);
    const firms = await manager.find(Firm, { where: { id: In(now.members.map(({ firmId }) => firmId)) }, relations: { lines: true } });
    const contacts = row.what === 'contacts' ? (await releasedContacts(manager, [now.id])).get(now.id) : undefined;
    const due = dueOn(now, daysOff(await holidays(manager), lead.country));
    const model = this.model({ row, now, lead, language, to, firms: inOrder(now, firms), contacts, due });
    return { ...drawLetter(model), to: { name: to.name, address: to.email }, language };
  }

  private model({ row, now, lead, language, to, firms, contacts, due }: Told): LetterText {
    const { what, firm_id: firmId, again } = row;
    const side = firmId === null ? 'counterparty' : 'firm';
    const { title, facts } = leadOf(language, lead);
    const chamber = { name: this.env.CHAMBER_NAME, address: this.env.CHAMBER_ADDRESS };
    const page = this.urlOf({ introductionId: now.id, firmId });
    const values = { chamber: chamber.name, title, reference: lead.reference, firm: firms[0]?.name ?? '', day: due ? sayDay(language, due) : '' };
    const about = { title, facts };
    const base = {
      language,
      subject:
        (again > 0 && (what === 'ask' || what === 'propose') ? `${say(language, 'introduction.mail.reminder')} ` : '') +
        say(language, `introduction.mail.${what}.subject`, values),
      greeting: to.name ? say(language, 'digest.greeting', { name: to.name }) : null,
      cards: [about],
      rules: null,
      actions: [],
      last: [],
      chamber,
    };
    const pool = firms.length > 1 ? [say(language, 'introduction.pool', { firms: firms.map((firm) => firm.name).join(' · '), firm: values.firm })] : [];
    switch (what) {
      case 'propose':
        return {
          ...base,
          paragraphs: [say(language, 'introduction.mail.propose', values), ...pool],
          actions: [{ text: say(language, 'introduction.mail.answer'), href: page }],
          last: [say(language, 'introduction.mail.until', values), say(language, 'introduction.mail.hidden')],
        };
      case 'ask':
        return {
          ...base,
          paragraphs: [say(language, 'introduction.mail.ask', values), ...pool],
          cards: [about, ...firms.map((firm) => cardOf(language, firm)).map((card) => ({ title: card.name, facts: card.facts }))],
          actions: [{ text: say(language, 'introduction.mail.answer'), href: page }],
          last: [say(language, 'introduction.mail.until', values), say(language, 'introduction.mail.hidden'), say(language, 'introduction.mail.not-you')],
        };
      case 'contacts': {
        const other = side === 'firm' ? contacts?.counterparty : contacts?.firm;
        return {
          ...base,
          paragraphs: [say(language, 'introduction.mail.contacts', values), ...pool],
          cards: [about, ...(other ? [{ title: other.firm, facts: reachOf(language, other) }] : [])],
          rules: fraudCard(language),
          last: [say(language, 'introduction.mail.outcome-later')],
        };
      }
      case 'outcome':
        return {
          ...base,
          paragraphs: [say(language, 'introduction.mail.outcome', values)],
          actions: OUTCOMES.map((outcome) => ({ text: sayCode(language, 'introduction.outcome', outcome), href: `${page}?outcome=${outcome}` })),
          last: [say(language, 'introduction.mail.outcome.why')],
        };
      case 'ended':
        return {
          ...base,
          paragraphs: [
            say(language, side === 'firm' ? 'introduction.mail.ended' : 'introduction.mail.ended.counterparty', values),
            ...(side === 'firm' ? [sayEnding(language, now)] : []),
            ...(side === 'firm' && now.endedBy === 'chamber' && now.reason ? [say(language, 'introduction.reason', { reason: now.reason })] : []),
          ],
        };
    }
  }
}

interface Told {
  readonly row: Row;
  readonly now: Stored;
  readonly lead: Opportunity;
  readonly language: Language;
  readonly to: Addressed;
  readonly firms: readonly Firm[];
  readonly contacts: { firm: Reach; counterparty: Reach } | undefined;
  readonly due: string | null;
}

/** Whether what the mail says is still so. */
function isTimely(what: Owed['what'], now: Stored): boolean {
  switch (what) {
    case 'propose':
      return now.state === 'proposed';
    case 'ask':
      return now.state === 'asked';
    case 'contacts':
      return now.releasedOn !== null && (now.state === 'introduced' || now.ending === 'outcome');
    case 'outcome':
      return now.state === 'introduced';
    case 'ended':
      return now.state === 'closed';
  }
}

const inOrder = (now: Stored, firms: readonly Firm[]): Firm[] => now.members.flatMap(({ firmId }) => firms.find(({ id }) => id === firmId) ?? []);

/** Where somebody can be reached, for a mail or page about an introduction whose contacts are released. */
export function reachOf(language: Language, { name, email, phones }: Reach): Fact[] {
  return [
    ...(name ? [[say(language, 'introduction.person'), name] as const] : []),
    ...(email ? [[say(language, 'field.email'), email] as const] : []),
    ...(phones.length ? [[say(language, 'field.phone'), [...new Set(phones)].join(' · ')] as const] : []),
  ];
}

/** What protects both sides when money is to move. */
export const fraudCard = (language: Language) => ({
  title: say(language, 'introduction.fraud.title'),
  lines: [
    say(language, 'introduction.fraud.changed'),
    say(language, 'introduction.fraud.person'),
    say(language, 'introduction.fraud.advance'),
    say(language, 'introduction.fraud.fee'),
  ],
});

/** Why an introduction has ended, for the firm and the desk. */
export const sayEnding = (language: Language, { ending, endedBy }: Pick<Stored, 'ending' | 'endedBy'>): string =>
  sayCode(
    language,
    'introduction.ending',
    ending === 'declined' || ending === 'withdrawn' || ending === 'no-reply' ? `${ending}-${endedBy ?? 'clock'}` : (ending ?? ''),
  );
