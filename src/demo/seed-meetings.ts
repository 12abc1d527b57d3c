import type { EntityManager } from 'typeorm';
import { localDate } from '../common/clock.js';
import { addDays } from '../introductions/business-days.js';
import { MeetingAttendee, MeetingDay } from '../meetings/meeting-day.entity.js';
import { Opportunity } from '../opportunities/opportunity.entity.js';

/** Numbers of the demo firms that come. */
const FIRMS = [1, 2, 3, 5, 8, 16];
const COUNTERPARTIES = 6;

/**
 * A meeting day of the demo chamber three weeks on, with some of its firms and who is behind some of its open leads: its timetable is the curator's to ask for.
 * @param firmIds by the numbers of the demo firms
 */
export async function seedMeetings(manager: EntityManager, firmIds: ReadonlyMap<number, string>, now: Date, zone: string): Promise<void> {
  const made = await manager.insert(MeetingDay, {
    name: 'Demo meeting day',
    date: addDays(localDate(now, zone), 21),
    venue: 'Chamber Hall (demo), Hyderabad',
    zone,
    tables: 4,
    opens: '10:00',
    closes: '16:00',
    slotMinutes: 30,
    breaks: [{ from: '13:00', to: '14:00' }],
    interpreters: [
      { name: 'Interpreter One (demo)', languages: ['zh', 'ur', 'en'] },
      { name: 'Interpreter Two (demo)', languages: ['zh', 'sd', 'ur'] },
    ],
    least: 4,
    createdAt: now,
  });
  const { id: dayId } = made.identifiers[0] as { id: string };
  const leads = await manager.find(Opportunity, {
    where: { status: 'published', country: 'CN' },
    select: { id: true, counterparty: true },
    order: { reference: 'ASC' },
  });
  const theirs = leads.filter((lead, i) => leads.findIndex(({ counterparty }) => counterparty === lead.counterparty) === i).slice(0, COUNTERPARTIES);
  await manager.insert(MeetingAttendee, [
    ...FIRMS.flatMap((number) => {
      const firmId = firmIds.get(number);
      return firmId ? [{ dayId, side: 'firm' as const, firmId, languages: ['ur' as const] }] : [];
    }),
    ...theirs.map(({ id }, i) => ({
      dayId,
      side: 'counterparty' as const,
      opportunityId: id,
      languages: i % 2 ? ['zh' as const, 'en' as const] : ['zh' as const],
    })),
  ]);
}
