/**
 * Membership of a Pakistani chamber holds until 31 March, whatever the day it was granted (Trade Organizations Rules 2013).
 * @param today local calendar day, YYYY-MM-DD
 * @returns the next 31 March on or after that day
 */
export function nextMembershipEnd(today: string): string {
  const year = Number(today.slice(0, 4));
  return today <= `${year}-03-31` ? `${year}-03-31` : `${year + 1}-03-31`;
}

/** Lapsed from 1 April on. A firm without an end date is not a member yet, hence not lapsed. */
export const isLapsed = (validUntil: string | null, today: string): boolean => validUntil !== null && validUntil < today;
