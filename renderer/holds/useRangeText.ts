import { useFormat } from '../ui/useFormat.ts';

/** `22.11.2026, 18:40:00 — 18:55:00`: the second date only where it is another day of the city. UTC ms. */
export function useRangeText(): (from: number, to: number) => string {
  const format = useFormat();
  return (from, to) =>
    `${format.dateTime(from)} — ${format.day(from) === format.day(to) ? format.time(to) : format.dateTime(to)}`;
}
