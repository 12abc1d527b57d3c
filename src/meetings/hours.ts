/** A time in which nobody meets, HH:MM each. */
export interface Break {
  readonly from: string;
  readonly to: string;
}

/** A slot of a day, HH:MM each. */
export type Slot = Break;

/** Minutes since midnight. */
export const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const timeOf = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** When people can meet: one slot after the other from opening on; one that would run into a break begins after it. */
export function slotsOf(day: { readonly opens: string; readonly closes: string; readonly slotMinutes: number; readonly breaks: readonly Break[] }): Slot[] {
  const breaks = day.breaks.map(({ from, to }) => [minutesOf(from), minutesOf(to)] as const).toSorted(([a], [b]) => a - b);
  const slots: Slot[] = [];
  const closes = minutesOf(day.closes);
  for (let at = minutesOf(day.opens); at + day.slotMinutes <= closes;) {
    const end = at + day.slotMinutes;
    const into = breaks.find(([from, to]) => from < end && to > at);
    if (into) at = into[1];
    else {
      slots.push({ from: timeOf(at), to: timeOf(end) });
      at = end;
    }
  }
  return slots;
}
