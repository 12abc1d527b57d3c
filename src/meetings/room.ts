import type { Language } from '../language/language.js';
import { type Change, type Day, mutualScore, type Pair } from './day.js';
import { minutesOf, type Slot } from './hours.js';
import type { Interpreter, MeetingAttendee, MeetingDay } from './meeting-day.entity.js';
import type { Meeting } from './timetable.js';

/** How well a firm fits the best open lead of a counterparty; ids of attendees. */
export interface Fit {
  readonly firm: string;
  readonly counterparty: string;
  readonly score: number;
}

type Comes = Pick<MeetingAttendee, 'id' | 'side' | 'languages' | 'arrives' | 'leaves' | 'missing' | 'wants'>;

/** What the timetable is made for: the rows of a day, with the mutual score of each pair that fits or asks for each other. */
export function dayOf(
  { tables, interpreters, least }: Pick<MeetingDay, 'tables' | 'interpreters' | 'least'>,
  slots: readonly Slot[],
  attendees: readonly Comes[],
  fits: readonly Fit[],
): Day {
  const of = (side: Comes['side']) => attendees.filter((one) => one.side === side);
  const known = new Map(fits.map(({ firm, counterparty, score }) => [`${firm} ${counterparty}`, score]));
  const pairs: Pair[] = of('firm').flatMap((firm) =>
    of('counterparty').flatMap((counterparty) => {
      const helpers = helpersBetween(firm.languages, counterparty.languages, interpreters);
      if (helpers?.length === 0) return [];
      const score = mutualScore({
        match: known.get(`${firm.id} ${counterparty.id}`) ?? 0,
        firmWants: firm.wants.includes(counterparty.id),
        counterpartyWants: counterparty.wants.includes(firm.id),
      });
      return score > 0 ? [{ firm: firm.id, counterparty: counterparty.id, score, ...(helpers ? { helpers } : {}) }] : [];
    }),
  );
  const person = ({ id, languages, ...one }: Comes) => ({ id, languages, away: slots.flatMap((slot, i) => (isThere(one, slot) ? [] : [i])) });
  return {
    slots: slots.length,
    tables,
    interpreters: interpreters.length,
    least,
    firms: of('firm').map(person),
    counterparties: of('counterparty').map(person),
    pairs,
  };
}

/** Whether they are there from the slot's beginning to its end. */
const isThere = ({ missing, arrives, leaves }: Pick<Comes, 'missing' | 'arrives' | 'leaves'>, { from, to }: Slot): boolean =>
  !missing && (arrives === null || minutesOf(arrives) <= minutesOf(from)) && (leaves === null || minutesOf(leaves) >= minutesOf(to));

/** Numbers, from 1, of the interpreters who speak with both; undefined where the two understand each other. */
function helpersBetween(ours: readonly Language[], theirs: readonly Language[], interpreters: readonly Interpreter[]): number[] | undefined {
  if (!ours.length || !theirs.length || ours.some((language) => theirs.includes(language))) return undefined;
  const speaks = (of: readonly Language[], languages: readonly Language[]) => of.some((language) => languages.includes(language));
  return interpreters.flatMap(({ languages }, i) => (speaks(ours, languages) && speaks(theirs, languages) ? [i + 1] : []));
}

/** What is another in `after`, first of all what people have to be told first: by slot. */
export function changesBetween(before: readonly Meeting[], after: readonly Meeting[]): Change[] {
  const key = ({ firm, counterparty }: Meeting) => `${firm} ${counterparty}`;
  const place = ({ slot, table }: Meeting) => ({ slot, table });
  const [was, is] = [new Map(before.map((one) => [key(one), one])), new Map(after.map((one) => [key(one), one]))];
  const given = before.filter((one) => !is.has(key(one))).map((one) => ({ firm: one.firm, counterparty: one.counterparty, from: place(one), to: null }));
  const others = after.flatMap((one) => {
    const old = was.get(key(one));
    if (old?.slot === one.slot && old.table === one.table) return [];
    return [{ firm: one.firm, counterparty: one.counterparty, from: old ? place(old) : null, to: place(one) }];
  });
  const first = ({ from, to }: Change) => Math.min(from?.slot ?? Infinity, to?.slot ?? Infinity);
  return [...given, ...others].toSorted((a, b) => first(a) - first(b));
}
