import type { EntityManager } from 'typeorm';
import { record } from '../audit/audit.js';
import { localDate } from '../common/clock.js';
import { parse } from '../common/errors.js';
import { addDays } from '../introductions/business-days.js';
import { daysOff, HOLIDAYS } from '../introductions/holidays.js';
import { insertIntroduction, introductionOf, writeStep } from '../introductions/introductions.queries.js';
import { detailOf, noteOf } from '../introductions/introductions.service.js';
import { type Actor, type Command, interested, PLACES, proposed, step } from '../introductions/introduction.js';
import { columnsOf } from '../opportunities/opportunities.service.js';
import { Opportunity } from '../opportunities/opportunity.entity.js';
import { opportunitySchema } from '../opportunities/opportunity.schemas.js';
import { DEMO_INTRODUCTIONS, type DemoIntroduction } from './introductions.js';

const CLOCK: Actor = { party: 'clock' };
const CHAMBER: Actor = { party: 'chamber' };
const OTHER: Actor = { party: 'counterparty' };

/**
 * The last season of the demo chamber: each introduction goes its way by the steps of the way itself, day by day, with its lines in the audit trail. Its
 * leads are closed and nobody is mailed, so that what is open today is as it would be without them.
 * @param firmIds by the numbers of the demo firms
 */
export async function seedIntroductions(manager: EntityManager, firmIds: ReadonlyMap<number, string>, now: Date, zone: string): Promise<void> {
  const today = localDate(now, zone);
  for (const demo of DEMO_INTRODUCTIONS)
    await pastIntroduction(
      manager,
      demo,
      demo.firms.map((number) => firmIds.get(number) ?? ''),
      today,
    );
}

async function pastIntroduction(manager: EntityManager, demo: DemoIntroduction, firms: readonly string[], today: string): Promise<void> {
  const off = daysOff(HOLIDAYS, demo.country);
  const speaker: Actor = { party: 'firm', firmId: firms[0] ?? '' };
  let day = addDays(today, -demo.daysAgo);
  const at = () => new Date(`${day}T06:00:00Z`);
  const opportunityId = await pastLead(manager, demo, addDays(day, -5), addDays(day, 20));
  const begun = firms.length > 1 ? proposed(firms, { today: day, off }) : interested(speaker.firmId, day);
  const id = await insertIntroduction(manager, opportunityId, begun.after, { sentence: '', contactId: null, at: at() });
  const by: Actor = firms.length > 1 ? CHAMBER : speaker;
  await record(manager, noteOf(id, { ...by, id: null }, firms.length > 1 ? 'propose' : 'express', { to: begun.after.state, firms: firms.length }, at()));

  /** @returns whether it was possible */
  const make = async (command: Command, who: Actor): Promise<boolean> => {
    const before = await introductionOf(manager, id);
    if (!before) return false;
    const made = step(before, command, who, { today: day, off, standing: true, lead: 'open', free: PLACES });
    if ('refused' in made) return false;
    await writeStep(manager, before, made.after, at());
    await record(manager, noteOf(id, { ...who, id: null }, command.do, detailOf(before, command, made.after), at()));
    return true;
  };

  day = addDays(day, 1);
  if (firms.length > 1) for (const firmId of firms) await make({ do: 'agree' }, { party: 'firm', firmId });
  else await make({ do: 'approve' }, CHAMBER);
  await make({ do: 'clock' }, CLOCK);
  const { then } = demo;
  const answerDay = addDays(day, 2);
  let reportDay: string | undefined;
  for (; day <= today; day = addDays(day, 1)) {
    if (day === answerDay) {
      if ('report' in then) {
        await make({ do: 'agree' }, OTHER);
        reportDay = addDays(day, then.after);
      } else if (then.ended !== 'no-reply') await make({ do: then.ended === 'declined' ? 'decline' : 'withdraw' }, then.ended === 'declined' ? OTHER : speaker);
    }
    await make({ do: 'clock' }, CLOCK);
    if ('report' in then && day === reportDay) await make({ do: 'report', ...then.report }, then.by === 'firm' ? speaker : OTHER);
  }
}

async function pastLead(manager: EntityManager, demo: DemoIntroduction, published: string, closed: string): Promise<string> {
  const { kind, title, hs, isic, sectors, country, place, counterparty } = demo;
  const said = {
    kind,
    title,
    summary: title,
    hs,
    isic,
    sectors,
    country,
    place,
    counterparty: counterparty.name,
    counterpartyEmail: counterparty.email,
    source: 'demo data',
  };
  const publishedAt = new Date(`${published}T06:00:00Z`);
  const made = await manager.insert(Opportunity, {
    ...columnsOf(parse(opportunitySchema, said), { guessedHs: [], guessedIsic: [] }),
    status: 'closed',
    closedAs: 'expired',
    createdAt: publishedAt,
    publishedAt,
    openUntil: closed,
    closedAt: new Date(`${closed}T19:00:00Z`),
  });
  return (made.identifiers[0] as { id: string }).id;
}
