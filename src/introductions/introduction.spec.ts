import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, businessDaysAfter } from './business-days.js';
import { daysOff, HOLIDAYS } from './holidays.js';
import {
  type Actor,
  type Command,
  COMMANDS,
  dueOn,
  type Facts,
  HOLDING,
  interested,
  type Introduction,
  nextOn,
  OUTCOME_DAYS,
  OUTCOMES,
  type Owed,
  PARTIES,
  PLACES,
  proposed,
  REST_DAYS,
  restsUntil,
  STATES,
  step,
  WAY,
} from './introduction.js';

const off = daysOff(HOLIDAYS, 'CN');
const TODAY = '2026-11-24';
const facts = (over: Partial<Facts> = {}): Facts => ({ today: TODAY, off, standing: true, lead: 'open', free: PLACES, ...over });
const FIRM: Actor = { party: 'firm', firmId: 'a' };
const OTHER: Actor = { party: 'counterparty' };
const CHAMBER: Actor = { party: 'chamber' };
const CLOCK: Actor = { party: 'clock' };

/** Goes a way that must be possible. */
function go(from: Introduction, ...steps: readonly (readonly [Command, Actor, Partial<Facts>?])[]): { now: Introduction; mails: Owed[] } {
  const mails: Owed[] = [];
  let now = from;
  for (const [command, by, over] of steps) {
    const made = step(now, command, by, facts(over));
    if ('refused' in made) throw new Error(`${now.state} ${command.do} ${by.party}: ${made.refused}`);
    now = made.after;
    mails.push(...made.mails);
  }
  return { now, mails };
}
const begun = interested('a', TODAY).after;
const asked = go(begun, [{ do: 'approve' }, CHAMBER], [{ do: 'clock' }, CLOCK]).now;
const introduced = go(asked, [{ do: 'agree' }, OTHER], [{ do: 'clock' }, CLOCK]).now;
const told = (mails: readonly Owed[]) => mails.map(({ what, to, again }) => `${what} ${to} ${again}`);

describe('the way', () => {
  it('goes from interest to released contacts in four steps, and mails each side what it has to know', () => {
    const { now, mails } = go(begun, [{ do: 'approve' }, CHAMBER], [{ do: 'clock' }, CLOCK], [{ do: 'agree' }, OTHER], [{ do: 'clock' }, CLOCK]);
    expect(now).toMatchObject({ state: 'introduced', askedOn: TODAY, answeredOn: TODAY, releasedOn: TODAY, nextOn: addDays(TODAY, 14) });
    expect(told(mails)).toEqual(['ask counterparty 0', 'contacts firm 0', 'contacts counterparty 0']);
  });

  it('has every state in its table, and leads only to states', () => {
    expect(Object.keys(WAY)).toEqual([...STATES]);
    for (const rules of Object.values(WAY)) for (const { to } of Object.values(rules)) for (const state of to) expect(STATES).toContain(state);
    // one way to the contacts, and it waits for both
    const ways = STATES.filter((state) => state !== 'introduced' && Object.values(WAY[state]).some(({ to }) => to.includes('introduced')));
    expect(ways).toEqual(['agreed']);
    // withdrawing is possible from wherever something is on the way
    for (const state of STATES.filter((one) => one !== 'closed')) expect(WAY[state].withdraw?.who).toEqual(expect.arrayContaining(['firm', 'chamber']));
  });

  it('refuses everything that the table does not have, from everybody', () => {
    const all: Record<(typeof COMMANDS)[number], Command> = {
      agree: { do: 'agree' },
      approve: { do: 'approve' },
      clock: { do: 'clock' },
      decline: { do: 'decline' },
      withdraw: { do: 'withdraw' },
      report: { do: 'report', outcome: 'order' },
    };
    for (const state of STATES)
      for (const name of COMMANDS)
        for (const party of PARTIES) {
          const rule = WAY[state][name];
          const by: Actor = party === 'firm' ? FIRM : { party };
          const made = step({ ...introduced, state, ending: state === 'closed' ? 'outcome' : null }, all[name], by, facts());
          if (!rule?.who.includes(party)) expect([state, name, party, made]).toEqual([state, name, party, { refused: rule ? 'not-yours' : 'no-such-step' }]);
          else if (!('refused' in made)) expect(rule.to).toContain(made.after.state);
        }
    expect(step(begun, { do: 'withdraw' }, { party: 'firm', firmId: 'b' }, facts())).toEqual({ refused: 'not-yours' });
  });

  it('releases nothing while a firm is not in good standing, and closes when that lasts', () => {
    const agreed = go(asked, [{ do: 'agree' }, OTHER]).now;
    expect(step(agreed, { do: 'clock' }, CLOCK, facts({ standing: false }))).toEqual({ refused: 'nothing-to-do' });
    const late = businessDaysAfter(TODAY, 6, off);
    expect(go(agreed, [{ do: 'clock' }, CLOCK, { standing: false, today: late }]).now).toMatchObject({
      state: 'closed',
      ending: 'no-reply',
      endedBy: 'firm',
      releasedOn: null,
    });
    const queued = go(begun, [{ do: 'approve' }, CHAMBER]).now;
    expect(step(queued, { do: 'clock' }, CLOCK, facts({ standing: false }))).toEqual({ refused: 'nothing-to-do' });
  });

  it('lets the sixth wait for a place', () => {
    const queued = go(begun, [{ do: 'approve' }, CHAMBER]).now;
    expect(step(queued, { do: 'clock' }, CLOCK, facts({ free: 0 }))).toEqual({ refused: 'nothing-to-do' });
    expect(go(queued, [{ do: 'clock' }, CLOCK, { free: 1 }]).now.state).toBe('asked');
  });

  it('reminds half way and on the last day, and then it is no reply', () => {
    const mails: string[] = [];
    const on: string[] = [];
    let now = asked;
    for (let day = TODAY; now.state === 'asked'; day = addDays(day, 1)) {
      const made = step(now, { do: 'clock' }, CLOCK, facts({ today: day }));
      if ('refused' in made) continue;
      on.push(day);
      mails.push(...told(made.mails));
      now = made.after;
    }
    // Tuesday; Friday is the third, Tuesday the fifth and last
    expect(on).toEqual(['2026-11-27', '2026-12-01', '2026-12-02']);
    expect(dueOn(asked, off)).toBe('2026-12-01');
    expect(mails).toEqual(['ask counterparty 1', 'ask counterparty 2', 'ended firms 0']);
    expect(now).toMatchObject({ state: 'closed', ending: 'no-reply', endedBy: 'counterparty', answeredOn: null });
  });

  it('leaves whoever was not reminded in time a business day after each reminder', () => {
    const late = go(asked, [{ do: 'clock' }, CLOCK, { today: '2027-01-15' }]).now;
    expect(late).toMatchObject({ state: 'asked', nudges: 1, nextOn: '2027-01-18' });
    const later = go(late, [{ do: 'clock' }, CLOCK, { today: '2027-01-18' }]).now;
    expect(later).toMatchObject({ state: 'asked', nudges: 2, nextOn: '2027-01-19' });
    expect(go(later, [{ do: 'clock' }, CLOCK, { today: '2027-01-19' }]).now).toMatchObject({ state: 'closed', ending: 'no-reply' });
  });

  it('asks for the outcome after 14, 45 and 120 days, both sides, and closes when nobody says', () => {
    const mails: string[] = [];
    const on: string[] = [];
    let now = introduced;
    for (let day = TODAY; now.state === 'introduced'; day = addDays(day, 1)) {
      const made = step(now, { do: 'clock' }, CLOCK, facts({ today: day }));
      if ('refused' in made) continue;
      on.push(day);
      mails.push(...told(made.mails));
      now = made.after;
    }
    expect(on.slice(0, 3)).toEqual(OUTCOME_DAYS.map((days) => addDays(TODAY, days)));
    expect(on).toHaveLength(4);
    expect(mails).toEqual([...[0, 1, 2].flatMap((n) => [`outcome firm ${n}`, `outcome counterparty ${n}`]), 'ended firms 0']);
    expect(now).toMatchObject({ state: 'closed', ending: 'no-reply', endedBy: 'clock' });
  });

  it('goes on after a meeting, a sample or an MoU, and ends with what is final', () => {
    for (const outcome of OUTCOMES) {
      const { now } = go(introduced, [{ do: 'report', outcome, value: 1000, currency: 'USD' }, FIRM]);
      expect([outcome, now.state]).toEqual([outcome, ['meeting', 'sample', 'mou'].includes(outcome) ? 'introduced' : 'closed']);
      expect(now).toMatchObject({ report: { outcome, value: 1000, currency: 'USD' }, reportedBy: 'firm' });
    }
    const over = go(introduced, [{ do: 'report', outcome: 'nothing' }, OTHER]).now;
    expect(step(over, { do: 'report', outcome: 'order' }, FIRM, facts())).toEqual({ refused: 'not-yours' });
    expect(go(over, [{ do: 'report', outcome: 'order' }, CHAMBER]).now).toMatchObject({ state: 'closed', ending: 'outcome', report: { outcome: 'order' } });
    // nothing is reported of those who were never introduced
    const declined = go(asked, [{ do: 'decline' }, OTHER]).now;
    expect(step(declined, { do: 'report', outcome: 'order' }, CHAMBER, facts())).toEqual({ refused: 'no-such-step' });
  });

  it('waits for every firm of a pool, and one that declines ends it for all', () => {
    const pool = proposed(['a', 'b', 'c'], { today: TODAY, off });
    expect(told(pool.mails)).toEqual(['propose firms 0']);
    const two = go(pool.after, [{ do: 'agree' }, { party: 'firm', firmId: 'b' }], [{ do: 'agree' }, { party: 'firm', firmId: 'a' }]).now;
    expect(two.state).toBe('proposed');
    expect(go(two, [{ do: 'agree' }, { party: 'firm', firmId: 'c' }]).now.state).toBe('queued');
    const ended = go(two, [{ do: 'decline' }, { party: 'firm', firmId: 'c' }]);
    expect([ended.now.ending, told(ended.mails)]).toEqual(['declined', ['ended firms 0']]);
  });

  it('ends what nobody outside knows of with the lead, and what the counterparty knows of only when the lead is gone', () => {
    const queued = go(begun, [{ do: 'approve' }, CHAMBER]).now;
    for (const now of [begun, queued, proposed(['a'], facts()).after])
      expect(go(now, [{ do: 'clock' }, CLOCK, { lead: 'expired' }]).now.ending).toBe('lead-closed');
    expect(step(asked, { do: 'clock' }, CLOCK, facts({ lead: 'expired' }))).toEqual({ refused: 'nothing-to-do' });
    const gone = go(asked, [{ do: 'clock' }, CLOCK, { lead: 'gone' }]);
    expect([gone.now.ending, told(gone.mails)]).toEqual(['lead-closed', ['ended firms 0', 'ended counterparty 0']]);
    expect(step(introduced, { do: 'clock' }, CLOCK, facts({ lead: 'gone' }))).toEqual({ refused: 'nothing-to-do' });
  });

  it('lets a pair rest that was before the counterparty, or was declined, and no other', () => {
    expect(restsUntil(go(asked, [{ do: 'withdraw' }, FIRM]).now)).toBe(addDays(TODAY, REST_DAYS));
    expect(restsUntil(go(begun, [{ do: 'decline', reason: 'no' }, CHAMBER]).now)).toBe(addDays(TODAY, REST_DAYS));
    expect(restsUntil(go(begun, [{ do: 'withdraw' }, FIRM]).now)).toBeNull();
  });

  it('counts a running clock anew when the calendar changes', () => {
    expect(nextOn(asked, facts())).toBe('2026-11-27');
    expect(nextOn(asked, facts({ off: (day) => day === '2026-11-26' }))).toBe('2026-11-30');
  });
});

/**
 * A chamber in memory: the same steps as the service makes, in the same order, on leads with more firms than places. Everything that must hold is looked at
 * after each command.
 */
class Chamber {
  today = TODAY;
  readonly suspended = new Set<string>();
  readonly closedLeads = new Set<string>();
  readonly all: { lead: string; now: Introduction; history: string[] }[] = [];
  readonly seen = new Set<string>();
  steps = 0;

  of(lead: string, firm: string) {
    return this.all.findLast((one) => one.lead === lead && one.now.members.some(({ firmId }) => firmId === firm));
  }

  held(lead: string): number {
    return this.all.filter((one) => one.lead === lead && HOLDING.includes(one.now.state)).length;
  }

  private facts(one: { lead: string; now: Introduction }): Facts {
    const others = this.all.filter((other) => other !== one && other.lead === one.lead && HOLDING.includes(other.now.state)).length;
    return {
      today: this.today,
      off,
      standing: one.now.members.every(({ firmId }) => !this.suspended.has(firmId)),
      lead: this.closedLeads.has(one.lead) ? 'gone' : 'open',
      free: PLACES - others,
    };
  }

  express(lead: string, firms: readonly string[], byChamber: boolean): void {
    this.steps++;
    if (this.closedLeads.has(lead)) return;
    for (const firm of firms) {
      const before = this.all.filter((one) => one.lead === lead && one.now.members.some(({ firmId }) => firmId === firm));
      if (before.some(({ now }) => now.state !== 'closed' || (restsUntil(now) ?? '') > this.today)) return;
    }
    const { after } = byChamber ? proposed(firms, { today: this.today, off }) : interested(firms[0] ?? '', this.today);
    this.all.push({ lead, now: after, history: [`${this.today} ${after.state}`] });
  }

  act(lead: string, firm: string, command: Command, by: Actor): void {
    this.steps++;
    const one = this.of(lead, firm);
    if (!one) return;
    this.make(one, command, by);
    this.settle(lead);
  }

  tick(days: number): void {
    this.steps++;
    this.today = addDays(this.today, days);
    for (const one of [...this.all]) if (one.now.state !== 'closed') this.make(one, { do: 'clock' }, CLOCK);
    for (const lead of new Set(this.all.map((one) => one.lead))) this.settle(lead);
  }

  settle(lead: string): void {
    for (const one of this.all) if (one.lead === lead && (one.now.state === 'agreed' || one.now.state === 'queued')) this.make(one, { do: 'clock' }, CLOCK);
  }

  private make(one: { lead: string; now: Introduction; history: string[] }, command: Command, by: Actor): void {
    const before = one.now;
    const circumstances = this.facts(one);
    const made = step(before, command, by, circumstances);
    if ('refused' in made) return;
    one.now = made.after;
    this.seen.add(made.after.state);
    one.history.push(`${this.today} ${by.party} ${command.do} → ${made.after.state}`);
    const rule = WAY[before.state][command.do];
    if (!rule?.who.includes(by.party) || !rule.to.includes(made.after.state)) throw new Error(`not in the table: ${one.history.join('; ')}`);
    // a contact is mailed with its release and never else, and nothing is released before both have agreed and all are in good standing
    const contacts = made.mails.filter(({ what }) => what === 'contacts').length;
    const released = before.releasedOn === null && made.after.releasedOn !== null;
    if (contacts !== (released ? 2 : 0)) throw new Error(`contacts mailed: ${one.history.join('; ')}`);
    if (released && !(before.state === 'agreed' && before.members.every(({ agreed }) => agreed) && before.answeredOn !== null && circumstances.standing))
      throw new Error(`released too early: ${one.history.join('; ')}`);
    if (made.after.state === 'asked' && before.state === 'queued' && this.held(one.lead) > PLACES) throw new Error(`a sixth: ${one.history.join('; ')}`);
    // silence is never taken for an answer before five business days
    if (made.after.ending === 'no-reply' && made.after.endedBy === 'counterparty' && businessDaysAfter(before.since, 5, off) >= this.today)
      throw new Error(`too soon: ${one.history.join('; ')}`);
    if ((made.after.state === 'closed') !== (made.after.ending !== null)) throw new Error(`no ending: ${one.history.join('; ')}`);
  }

  /** At most one on the way for a pair, and never again within 90 days after it came before the counterparty. */
  check(): void {
    const byPair = new Map<string, Introduction[]>();
    for (const { lead, now } of this.all)
      for (const { firmId } of now.members) byPair.set(`${lead} ${firmId}`, [...(byPair.get(`${lead} ${firmId}`) ?? []), now]);
    for (const pair of byPair.values()) {
      if (pair.filter(({ state }) => state !== 'closed').length > 1) throw new Error('twice on the way');
      for (const [i, later] of pair.entries())
        for (const earlier of pair.slice(0, i))
          if (earlier.askedOn !== null && later.askedOn !== null && later.askedOn < addDays(earlier.askedOn, REST_DAYS))
            throw new Error('asked again too soon');
    }
    for (const lead of new Set(this.all.map((one) => one.lead))) if (this.held(lead) > PLACES) throw new Error('more than five');
  }
}

const LEADS = ['x', 'y'];
const FIRMS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
type Real = Record<string, never>;

/** A command on the chamber; run twice where a request was repeated. */
class Do implements fc.Command<Chamber, Real> {
  constructor(
    private readonly name: string,
    private readonly what: (chamber: Chamber) => void,
    private readonly times: number,
  ) {}

  check = () => true;

  run(chamber: Chamber): void {
    for (let i = 0; i < this.times; i++) this.what(chamber);
    chamber.check();
  }

  toString = () => this.name;
}

describe('a hundred thousand steps', () => {
  const pair = { lead: fc.constantFrom(...LEADS), firm: fc.constantFrom(...FIRMS), times: fc.constantFrom(1, 1, 1, 2) };
  const on = (name: string, what: (chamber: Chamber, lead: string, firm: string) => void) =>
    fc.record(pair).map(({ lead, firm, times }) => new Do(`${name} ${lead} ${firm} ×${times}`, (chamber) => what(chamber, lead, firm), times));
  const act = (name: string, command: Command, by: (firm: string) => Actor) =>
    on(name, (chamber, lead, firm) => {
      chamber.act(lead, firm, command, by(firm));
    });
  const firm = (firmId: string): Actor => ({ party: 'firm', firmId });
  const commands = [
    on('interested', (chamber, lead, one) => chamber.express(lead, [one], false)),
    on('interested', (chamber, lead, one) => chamber.express(lead, [one], false)),
    on('propose', (chamber, lead, one) => chamber.express(lead, [one, FIRMS[(FIRMS.indexOf(one) + 1) % FIRMS.length] ?? ''], true)),
    act('screen', { do: 'approve' }, () => CHAMBER),
    act('screen', { do: 'approve' }, () => CHAMBER),
    act('refuse', { do: 'decline', reason: 'no' }, () => CHAMBER),
    act('accept', { do: 'agree' }, () => OTHER),
    act('accept', { do: 'agree' }, () => OTHER),
    act('confirm', { do: 'agree' }, firm),
    act('decline', { do: 'decline' }, () => OTHER),
    act('decline', { do: 'decline' }, firm),
    act('withdraw', { do: 'withdraw' }, firm),
    act('withdraw', { do: 'withdraw' }, () => OTHER),
    act('report', { do: 'report', outcome: 'meeting' }, firm),
    act('report', { do: 'report', outcome: 'order', value: 5000, currency: 'USD' }, () => OTHER),
    // both sides at the same moment, whoever comes first
    on('both', (chamber, lead, one) => {
      chamber.act(lead, one, { do: 'agree' }, OTHER);
      chamber.act(lead, one, { do: 'withdraw' }, firm(one));
    }),
    on('both', (chamber, lead, one) => {
      chamber.act(lead, one, { do: 'withdraw' }, firm(one));
      chamber.act(lead, one, { do: 'agree' }, OTHER);
    }),
    on('suspend', (chamber, _, one) => {
      if (!chamber.suspended.delete(one)) chamber.suspended.add(one);
    }),
    fc.integer({ min: 1, max: 9 }).map((days) => new Do(`clock ${days}`, (chamber) => chamber.tick(days), 1)),
    fc.integer({ min: 1, max: 9 }).map((days) => new Do(`clock ${days}`, (chamber) => chamber.tick(days), 1)),
    fc.integer({ min: 30, max: 120 }).map((days) => new Do(`lapse ${days}`, (chamber) => chamber.tick(days), 1)),
  ];

  it('keep to the table, to five places, to the clocks and to ninety days, and release no contact early', () => {
    let steps = 0;
    const seen = new Set<string>();
    const run = (given: Iterable<fc.Command<Chamber, Real>>) => {
      const chamber = new Chamber();
      fc.modelRun(() => ({ model: chamber, real: {} }), given);
      steps += chamber.steps;
      for (const state of chamber.seen) seen.add(state);
      for (const { now } of chamber.all) {
        seen.add(now.state);
        if (now.ending) seen.add(`${now.ending} ${now.endedBy}`);
      }
    };
    fc.assert(fc.property(fc.commands(commands, { maxCommands: 300, size: 'max' }), run), { numRuns: 700, seed: 7, endOnFailure: false });
    expect(steps).toBeGreaterThan(100_000);
    // a walk that reaches little would prove little
    for (const state of STATES) expect(seen).toContain(state);
    for (const ending of [
      'declined chamber',
      'declined counterparty',
      'declined firm',
      'withdrawn firm',
      'withdrawn counterparty',
      'no-reply counterparty',
      'no-reply firm',
    ])
      expect(seen).toContain(ending);
    expect(seen).toContain('outcome counterparty');
  });
});
