import type { EntityManager } from 'typeorm';
import type { Language, Texts } from '../language/language.js';
import type { AttendeeSide } from './meeting-day.entity.js';
import type { Fit } from './room.js';

/** Somebody who comes, with what they are called. */
export interface Attending {
  readonly id: string;
  readonly side: AttendeeSide;
  readonly firmId: string | null;
  readonly opportunityId: string | null;
  /** The firm's, or the counterparty's: for the desk and for themselves. What others are told see `labelOf`. */
  readonly name: string;
  /** Of the lead that they are behind. */
  readonly reference: string | null;
  readonly title: Texts | null;
  readonly country: string | null;
  readonly languages: Language[];
  readonly arrives: string | null;
  readonly leaves: string | null;
  readonly missing: boolean;
  readonly wants: string[];
}

/** Who comes to a day, firms first, by name. Index: meeting_attendee_of_day, and the keys of firm and opportunity. */
export const attendingOf = (manager: EntityManager, dayId: string): Promise<Attending[]> =>
  manager.query(
    `select a.id, a.side, a.firm_id "firmId", a.opportunity_id "opportunityId", coalesce(f.name, o.counterparty, a.name) name, o.reference, o.title, o.country,
            a.languages, a.arrives, a.leaves, a.missing, a.wants
     from meeting_attendee a left join firm f on f.id = a.firm_id left join opportunity o on o.id = a.opportunity_id
     where a.day_id = $1 order by a.side desc, lower(coalesce(f.name, o.counterparty, a.name)), a.id`,
    [dayId],
  );

/**
 * How well each firm of a day fits the best open lead of each counterparty; a counterparty's leads are those under the same name. Index:
 * meeting_attendee_of_day, the key of match; the open leads of the counterparties are found by reading the open ones.
 */
export const fitsOf = (manager: EntityManager, dayId: string): Promise<Fit[]> =>
  manager.query(
    `with theirs as materialized (
       select a.id, l.id lead from meeting_attendee a join opportunity o on o.id = a.opportunity_id
       join opportunity l on l.counterparty = o.counterparty and l.status = 'published'
       where a.day_id = $1
     )
     select a.id firm, t.id counterparty, max(m.score) score
     from meeting_attendee a cross join theirs t join match m on m.firm_id = a.firm_id and m.opportunity_id = t.lead
     where a.day_id = $1 and a.firm_id is not null group by a.id, t.id`,
    [dayId],
  );

/** Firms that can still be invited to a day: those in good standing that are not on it, by name. Index: meeting_attendee_firm. */
export const firmsToInvite = (manager: EntityManager, dayId: string): Promise<{ id: string; name: string }[]> =>
  manager.query(
    `select id, name from firm f where status = 'admitted' and not exists (select 1 from meeting_attendee a where a.firm_id = f.id and a.day_id = $1)
     order by lower(name), id limit 1000`,
    [dayId],
  );

/** Who is behind the open leads and not on the day yet, each with one of their leads. Index: meeting_attendee_of_day. */
export const counterpartiesToInvite = (manager: EntityManager, dayId: string): Promise<{ id: string; name: string; reference: string }[]> =>
  manager.query(
    `select distinct on (lower(counterparty)) id, counterparty as name, reference from opportunity o where status = 'published'
       and not exists (select 1 from meeting_attendee a join opportunity t on t.id = a.opportunity_id where a.day_id = $1 and t.counterparty = o.counterparty)
     order by lower(counterparty), reference limit 1000`,
    [dayId],
  );

/** The days of a firm that are published, the next first. Index: meeting_attendee_firm. */
export const publishedDaysOf = (manager: EntityManager, firmId: string): Promise<{ dayId: string; attendeeId: string }[]> =>
  manager.query(
    `select d.id "dayId", a.id "attendeeId" from meeting_attendee a join meeting_day d on d.id = a.day_id
     where a.firm_id = $1 and d.published_at is not null order by d.date desc, d.id limit 20`,
    [firmId],
  );
