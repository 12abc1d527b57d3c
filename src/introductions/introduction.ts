import { addDays, businessDaysAfter, type DayOff } from './business-days.js';

/**
 * Where an introduction stands, and whom it waits for:
 * - `proposed`: by the chamber, to one firm or to a pool; waits for every firm in it
 * - `interested`: said by the firm; waits for the chamber to screen it
 * - `queued`: screened; waits for one of the lead's places, and for the firms to be members in good standing
 * - `asked`: waits for the counterparty
 * - `agreed`: both have agreed; contacts are released as soon as the firms are in good standing
 * - `introduced`: contacts are released; waits for an outcome
 * - `closed`: for the reason that its ending says
 */
export const STATES = ['proposed', 'interested', 'queued', 'asked', 'agreed', 'introduced', 'closed'] as const;
export type State = (typeof STATES)[number];

export const PARTIES = ['firm', 'counterparty', 'chamber', 'clock'] as const;
export type Party = (typeof PARTIES)[number];

/** Why it is closed; who closed it stands beside it. */
export const ENDINGS = ['declined', 'withdrawn', 'no-reply', 'lead-closed', 'pooled', 'outcome'] as const;
export type Ending = (typeof ENDINGS)[number];

/** What came of it. The first three may be followed by more; the others are final. */
export const OUTCOMES = ['meeting', 'sample', 'mou', 'order', 'joint-venture', 'nothing', 'no-reply'] as const;
export type Outcome = (typeof OUTCOMES)[number];
const FINAL: ReadonlySet<Outcome> = new Set(['order', 'joint-venture', 'nothing', 'no-reply']);

export const COMMANDS = ['agree', 'approve', 'decline', 'withdraw', 'report', 'clock'] as const;
export type CommandName = (typeof COMMANDS)[number];

/** What somebody wants done. `clock` looks whether time or circumstances have moved it. */
export type Command =
  | { readonly do: 'agree' | 'approve' | 'clock' }
  | { readonly do: 'decline' | 'withdraw'; readonly reason?: string | undefined }
  | ({ readonly do: 'report' } & Report);

/** An outcome as it is reported. */
export interface Report {
  readonly outcome: Outcome;
  /** In whole or broken units of `currency` (ISO 4217). */
  readonly value?: number | undefined;
  readonly currency?: string | undefined;
  /** What proves it, in a few words: a number of a bill of lading, of an order, of a signed paper. */
  readonly proof?: string | undefined;
}

/** Who does it; of a pool, which firm. */
export type Actor = { readonly party: 'firm'; readonly firmId: string } | { readonly party: 'counterparty' | 'chamber' | 'clock' };

interface Rule {
  readonly who: readonly Party[];
  readonly to: readonly State[];
}

const ANY_SIDE = ['firm', 'counterparty', 'chamber'] as const;
const OUR_SIDE = ['firm', 'chamber'] as const;

/**
 * The whole way: what may be done where, by whom, and where it leads. What is not here is refused. The chamber answers for a counterparty that has told
 * it so; contacts are released by one step alone, `agreed` to `introduced`.
 */
export const WAY: Readonly<Record<State, Partial<Record<CommandName, Rule>>>> = {
  proposed: {
    agree: { who: ['firm'], to: ['proposed', 'queued'] }, // queued once all of a pool have agreed
    decline: { who: ['firm'], to: ['closed'] },
    withdraw: { who: OUR_SIDE, to: ['closed'] },
    clock: { who: ['clock'], to: ['proposed', 'closed'] },
  },
  interested: {
    approve: { who: ['chamber'], to: ['queued'] },
    decline: { who: ['chamber'], to: ['closed'] },
    withdraw: { who: OUR_SIDE, to: ['closed'] },
    clock: { who: ['clock'], to: ['closed'] },
  },
  queued: {
    withdraw: { who: OUR_SIDE, to: ['closed'] },
    clock: { who: ['clock'], to: ['asked', 'closed'] },
  },
  asked: {
    agree: { who: ['counterparty', 'chamber'], to: ['agreed'] },
    decline: { who: ['counterparty', 'chamber'], to: ['closed'] },
    withdraw: { who: OUR_SIDE, to: ['closed'] },
    clock: { who: ['clock'], to: ['asked', 'closed'] },
  },
  agreed: {
    withdraw: { who: ANY_SIDE, to: ['closed'] },
    clock: { who: ['clock'], to: ['introduced', 'closed'] },
  },
  introduced: {
    report: { who: ANY_SIDE, to: ['introduced', 'closed'] },
    withdraw: { who: ANY_SIDE, to: ['closed'] },
    clock: { who: ['clock'], to: ['introduced', 'closed'] },
  },
  closed: {
    report: { who: ['chamber'], to: ['closed'] }, // a deal that came later, where contacts had been released
  },
};

/** A firm in it, the one that speaks for a pool first; alone it is a pool of one. */
export interface Member {
  readonly firmId: string;
  readonly agreed: boolean;
}

/** All that the way needs to know of one introduction. Days are YYYY-MM-DD. */
export interface Introduction {
  readonly state: State;
  readonly members: readonly Member[];
  readonly ending: Ending | null;
  readonly endedBy: Party | null;
  readonly reason: string | null;
  /** Day on which it came into its state. */
  readonly since: string;
  /** Times that the clock has asked again in this state. */
  readonly nudges: number;
  /** Day on which the clock has something to do of itself; null for none. */
  readonly nextOn: string | null;
  /** Days on which the counterparty was asked, on which it answered, and on which contacts were released. */
  readonly askedOn: string | null;
  readonly answeredOn: string | null;
  readonly releasedOn: string | null;
  readonly report: Report | null;
  readonly reportedBy: Party | null;
}

/** What the way needs to know of the world. */
export interface Facts {
  readonly today: string;
  readonly off: DayOff;
  /** Every firm in it is admitted, and its membership has not lapsed. */
  readonly standing: boolean;
  /** `expired`: its last day has passed; `gone`: filled, withdrawn or fraud. */
  readonly lead: 'open' | 'expired' | 'gone';
  /** Places of the lead that nobody holds, this introduction left out. */
  readonly free: number;
}

/** A mail that a step owes. `again` counts from nought. */
export interface Owed {
  readonly what: 'propose' | 'ask' | 'contacts' | 'outcome' | 'ended';
  /** `firms`: all of them; `firm`: the one that speaks for them. */
  readonly to: 'firms' | 'firm' | 'counterparty';
  readonly again: number;
}

export interface Step {
  readonly after: Introduction;
  readonly mails: readonly Owed[];
}
export interface Refused {
  readonly refused: 'no-such-step' | 'not-yours' | 'nothing-to-do';
}

/** The states in which nobody outside the house has heard of it. */
const AT_HOME: readonly State[] = ['proposed', 'interested', 'queued'];
/** Introduced firms at a time that a lead may have; the next one waits. */
export const PLACES = 5;
/** The states that hold a place. */
export const HOLDING: readonly State[] = ['asked', 'agreed', 'introduced'];
/** So many business days each side has to answer; it is reminded on the third and on the last, and the day after is too late. */
export const ANSWER_DAYS = 5;
const REMINDED_ON = [3, ANSWER_DAYS, ANSWER_DAYS + 1] as const;
/** Days after the release on which the outcome is asked for. */
export const OUTCOME_DAYS = [14, 45, 120] as const;
/** The same pair is not brought together again for so many days. */
export const REST_DAYS = 90;

const FRESH = {
  ending: null,
  endedBy: null,
  reason: null,
  nudges: 0,
  askedOn: null,
  answeredOn: null,
  releasedOn: null,
  report: null,
  reportedBy: null,
} as const;

/** A firm says that it is interested. */
export const interested = (firmId: string, today: string): Step => ({
  after: { ...FRESH, state: 'interested', members: [{ firmId, agreed: true }], since: today, nextOn: null },
  mails: [],
});

/** The chamber proposes an introduction to firms, the one that shall speak for them first. */
export const proposed = (firmIds: readonly string[], facts: Pick<Facts, 'today' | 'off'>): Step => ({
  after: {
    ...FRESH,
    state: 'proposed',
    members: firmIds.map((firmId) => ({ firmId, agreed: false })),
    since: facts.today,
    nextOn: businessDaysAfter(facts.today, REMINDED_ON[0], facts.off),
  },
  mails: [{ what: 'propose', to: 'firms', again: 0 }],
});

/**
 * Until when a pair rests; null where it does not. What never came before the counterparty, and was not declined by the chamber or a firm, can come again.
 * @param before an introduction of the same firm and lead that is closed
 */
export function restsUntil(before: Pick<Introduction, 'askedOn' | 'ending' | 'since'>): string | null {
  return before.askedOn !== null || before.ending === 'declined' ? addDays(before.since, REST_DAYS) : null;
}

/** One step of the way; pure, and refused where the table does not have it. */
export function step(now: Introduction, command: Command, by: Actor, facts: Facts): Step | Refused {
  const rule = WAY[now.state][command.do];
  if (!rule) return { refused: 'no-such-step' };
  if (!rule.who.includes(by.party)) return { refused: 'not-yours' };
  if (by.party === 'firm' && !now.members.some(({ firmId }) => firmId === by.firmId)) return { refused: 'not-yours' };
  switch (command.do) {
    case 'agree':
      return by.party === 'firm' ? agreeAsFirm(now, by.firmId, facts) : agreeAsCounterparty(now, facts);
    case 'approve':
      return to(now, 'queued', facts);
    case 'decline':
      return close(now, 'declined', by.party, facts, command.reason);
    case 'withdraw':
      return close(now, 'withdrawn', by.party, facts, command.reason);
    case 'report':
      return report(now, command, by.party, facts);
    case 'clock':
      return tick(now, facts);
  }
}

/** Into another state: waiting begins anew. */
const to = (now: Introduction, state: State, facts: Facts, set: Partial<Introduction> = {}, mails: readonly Owed[] = []): Step => ({
  after: { ...now, state, since: facts.today, nudges: 0, nextOn: null, ...set },
  mails,
});

function close(now: Introduction, ending: Ending, by: Party, facts: Facts, reason: string | null = null): Step {
  const told: Owed[] = [];
  // what a firm did itself it knows; the others of a pool do not
  if (ending !== 'pooled' && ending !== 'outcome' && (by !== 'firm' || now.members.length > 1)) told.push({ what: 'ended', to: 'firms', again: 0 });
  const knows = now.askedOn !== null && by !== 'counterparty' && (ending === 'withdrawn' || ending === 'lead-closed');
  if (knows) told.push({ what: 'ended', to: 'counterparty', again: 0 });
  const answeredOn = now.state === 'asked' && ending === 'declined' ? facts.today : now.answeredOn;
  return to(now, 'closed', facts, { ending, endedBy: by, reason, answeredOn }, told);
}

function agreeAsFirm(now: Introduction, firmId: string, facts: Facts): Step {
  const members = now.members.map((member) => (member.firmId === firmId ? { ...member, agreed: true } : member));
  return members.every(({ agreed }) => agreed) ? to(now, 'queued', facts, { members }) : { after: { ...now, members }, mails: [] };
}

const agreeAsCounterparty = (now: Introduction, facts: Facts): Step =>
  to(now, 'agreed', facts, { answeredOn: facts.today, nextOn: businessDaysAfter(facts.today, ANSWER_DAYS + 1, facts.off) });

function report(now: Introduction, { do: _, ...said }: { readonly do: 'report' } & Report, by: Party, facts: Facts): Step | Refused {
  if (now.releasedOn === null) return { refused: 'no-such-step' };
  const reported = { ...now, report: said, reportedBy: by };
  if (now.state === 'closed') return { after: { ...reported, ending: 'outcome', endedBy: by }, mails: [] };
  return FINAL.has(said.outcome) ? close(reported, 'outcome', by, facts) : { after: reported, mails: [] };
}

/** What time and circumstances do. */
function tick(now: Introduction, facts: Facts): Step | Refused {
  const due = now.nextOn !== null && now.nextOn <= facts.today;
  // a lead that is over ends what nobody outside has heard of; one that is gone, everything before the release
  if (facts.lead !== 'open' && AT_HOME.includes(now.state)) return close(now, 'lead-closed', 'clock', facts);
  if (facts.lead === 'gone' && (now.state === 'asked' || now.state === 'agreed')) return close(now, 'lead-closed', 'clock', facts);
  switch (now.state) {
    case 'queued':
      if (!facts.standing || facts.free < 1) break;
      return to(now, 'asked', facts, { askedOn: facts.today, nextOn: businessDaysAfter(facts.today, REMINDED_ON[0], facts.off) }, [
        { what: 'ask', to: 'counterparty', again: 0 },
      ]);
    case 'agreed':
      if (facts.standing)
        return to(now, 'introduced', facts, { releasedOn: facts.today, nextOn: addDays(facts.today, OUTCOME_DAYS[0]) }, [
          { what: 'contacts', to: 'firm', again: 0 },
          { what: 'contacts', to: 'counterparty', again: 0 },
        ]);
      if (due) return close(now, 'no-reply', 'firm', facts);
      break;
    case 'proposed':
    case 'asked':
      if (!due) break;
      if (now.nudges === 2) return close(now, 'no-reply', now.state === 'asked' ? 'counterparty' : 'firm', facts);
      return remind(now, facts, [
        now.state === 'asked' ? { what: 'ask', to: 'counterparty', again: now.nudges + 1 } : { what: 'propose', to: 'firms', again: now.nudges + 1 },
      ]);
    case 'introduced':
      if (!due) break;
      if (now.nudges === OUTCOME_DAYS.length) return close(now, now.report ? 'outcome' : 'no-reply', 'clock', facts);
      return remind(now, facts, [
        { what: 'outcome', to: 'firm', again: now.nudges },
        { what: 'outcome', to: 'counterparty', again: now.nudges },
      ]);
    case 'interested':
    case 'closed':
  }
  return { refused: 'nothing-to-do' };
}

function remind(now: Introduction, facts: Facts, mails: readonly Owed[]): Step {
  const asked = { ...now, nudges: now.nudges + 1 };
  return { after: { ...asked, nextOn: nextOn(asked, facts) }, mails };
}

/**
 * The day on which the clock has something to do next. Never today: where nobody was at work for a time, whoever is asked still has a business day after
 * each reminder. To be asked anew when the calendar has changed.
 */
export function nextOn(now: Introduction, { today, off }: Pick<Facts, 'today' | 'off'>): string | null {
  const later = (day: string, notBefore: string) => (day < notBefore ? notBefore : day);
  switch (now.state) {
    case 'proposed':
    case 'asked':
      return later(businessDaysAfter(now.since, REMINDED_ON[now.nudges] ?? ANSWER_DAYS + 1, off), businessDaysAfter(today, 1, off));
    case 'agreed':
      return later(businessDaysAfter(now.since, ANSWER_DAYS + 1, off), businessDaysAfter(today, 1, off));
    case 'introduced': {
      const days = OUTCOME_DAYS[now.nudges];
      const answer = businessDaysAfter(today, ANSWER_DAYS, off);
      if (now.nudges === 0) return addDays(now.since, OUTCOME_DAYS[0]);
      return days === undefined ? businessDaysAfter(today, ANSWER_DAYS + 1, off) : later(addDays(now.since, days), answer);
    }
    default:
      return null;
  }
}

/** The last day on which an answer is in time; null where nobody's is waited for. */
export const dueOn = ({ state, since }: Pick<Introduction, 'state' | 'since'>, off: DayOff): string | null =>
  state === 'proposed' || state === 'interested' || state === 'asked' ? businessDaysAfter(since, ANSWER_DAYS, off) : null;
