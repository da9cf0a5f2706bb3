import { type CityZone, dateExists, type LocalTime, type Resolved } from './city-zone.ts';

/** Why a typed time cannot be taken; the screen words it (`archive:typed.<reason>`). */
export type TypedTimeProblem = 'empty' | 'not-understood' | 'no-such-date' | 'no-such-time' | 'future';
export type TypedTime = Resolved | { kind: 'invalid'; reason: TypedTimeProblem };

export interface TypedTimeContext {
  zone: CityZone;
  /** UTC ms. */
  now: number;
  /** A time without a date means this instant's local day: the one the person looks at. */
  lookingAt: number;
}

interface DateParts {
  year: number;
  month: number;
  day: number;
}
interface TimeParts {
  hour: number;
  minute: number;
  second: number;
  ms: number;
}

const MONTHS: readonly (readonly string[])[] = [
  ['янв', 'jan'],
  ['фев', 'feb'],
  ['мар', 'mar'],
  ['апр', 'apr'],
  ['мая', 'май', 'may'],
  ['июн', 'jun'],
  ['июл', 'jul'],
  ['авг', 'aug'],
  ['сен', 'sep'],
  ['окт', 'oct'],
  ['ноя', 'nov'],
  ['дек', 'dec'],
];
const WEEKDAYS: readonly (readonly string[])[] = [
  ['понедельник', 'пн', 'monday', 'mon'],
  ['вторник', 'вт', 'tuesday', 'tue'],
  ['среда', 'среду', 'ср', 'wednesday', 'wed'],
  ['четверг', 'чт', 'thursday', 'thu'],
  ['пятница', 'пятницу', 'пт', 'friday', 'fri'],
  ['суббота', 'субботу', 'сб', 'saturday', 'sat'],
  ['воскресенье', 'вс', 'sunday', 'sun'],
];
const DAY_WORDS: ReadonlyMap<string, number> = new Map([
  ['сегодня', 0],
  ['today', 0],
  ['вчера', -1],
  ['yesterday', -1],
  ['позавчера', -2],
]);
const UNITS: readonly { pattern: RegExp; ms: number }[] = [
  { pattern: /^(с|сек|секунд[аыу]?|s|sec|secs|seconds?)$/, ms: 1000 },
  { pattern: /^(м|мин|минут[аыу]?|m|min|mins|minutes?)$/, ms: 60_000 },
  { pattern: /^(ч|час|часа|часов|h|hr|hrs|hours?)$/, ms: 3_600_000 },
  { pattern: /^(д|дн|день|дня|дней|сутки|суток|d|days?)$/, ms: 86_400_000 },
  { pattern: /^(нед|недел[яиью]|недель|w|weeks?)$/, ms: 604_800_000 },
];

const invalid = (reason: TypedTimeProblem): TypedTime => ({ kind: 'invalid', reason });

/**
 * Reads a time as an operator types it, Russian or English: `вчера 18:40`, `18:40:05`, `22.11 18:40`,
 * `22 ноября`, `monday 9:15 pm`, `10 минут назад`, `now`, ISO 8601, UTC milliseconds. Wall-clock times are the
 * city's. A date without a year, and a time without a date, mean the latest one that is not in the future.
 */
export function parseCityTime(text: string, context: TypedTimeContext): TypedTime {
  const input = text.trim().toLowerCase().replaceAll('ё', 'е').replace(/\s+/g, ' ');
  if (input === '') return invalid('empty');
  const instant = parseInstant(input, context.now);
  if (instant !== undefined) return notFuture({ kind: 'one', utc: instant }, context.now);

  const taken = takeTime(input);
  if (taken === 'no-such-time') return invalid('no-such-time');
  const dateText = taken.rest
    .replace(/(^|\s)(в|во|on|at)(?=\s|$)/g, ' ')
    .replace(/[,\s]+/g, ' ')
    .trim();
  const time = taken.time ?? { hour: 0, minute: 0, second: 0, ms: 0 };
  const resolve = (date: DateParts): Resolved => context.zone.fromLocal({ ...date, ...time });

  if (dateText === '') {
    if (!taken.time) return invalid('not-understood');
    const day = context.zone.toLocal(Math.min(context.lookingAt, context.now));
    const resolved = resolve(day);
    return earliest(resolved) <= context.now ? resolved : resolve(shiftDays(day, -1));
  }
  const date = parseDate(dateText, context, time);
  if (typeof date === 'string') return invalid(date);
  return notFuture(resolve(date), context.now);
}

const earliest = (resolved: Resolved): number =>
  resolved.kind === 'one' ? resolved.utc : resolved.choices[0];

/** Times before 1970 are no times here. */
function notFuture(resolved: Resolved, now: number): TypedTime {
  if (earliest(resolved) < 0) return invalid('no-such-date');
  return earliest(resolved) > now ? invalid('future') : resolved;
}

/** What names an instant without the city's clock: now, so long ago, UTC milliseconds, ISO 8601 with a zone. */
function parseInstant(input: string, now: number): number | undefined {
  if (/^(сейчас|now|live|прямой эфир|эфир)$/.test(input)) return now;
  if (/^\d{12,14}$/.test(input)) return Number(input);
  if (/^\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)? ?(z|[+-]\d{2}:?\d{2})$/.test(input)) {
    const ms = Date.parse(
      input
        .replace(',', '.')
        .replace(/ (?=z|[+-]\d{2}:?\d{2}$)/, '')
        .replace(' ', 't')
        .toUpperCase(),
    );
    return Number.isFinite(ms) ? ms : undefined;
  }
  const ago =
    /^(?:(\d+(?:[.,]\d+)?) ?)?(\p{L}+) (?:назад|тому назад|ago)$/u.exec(input) ??
    /^-(\d+(?:[.,]\d+)?) ?(\p{L}+)$/u.exec(input);
  if (!ago) return undefined;
  const unit = UNITS.find(({ pattern }) => pattern.test(ago[2] ?? ''));
  if (!unit) return undefined;
  return Math.round(now - Number((ago[1] ?? '1').replace(',', '.')) * unit.ms);
}

/** Cuts the time of day out of the text; what is left is the date. */
function takeTime(input: string): { time: TimeParts | null; rest: string } | 'no-such-time' {
  const match =
    /(?<![\d.:-])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,3}))?)?(?: ?(am|pm))?(?![\d:])/.exec(
      input.replace(/^(\d{4}-\d{2}-\d{2})t/, '$1 '),
    ) ?? /(?<![\d.:-])(\d{1,2})()()() ?(am|pm)(?![\p{L}\d])/u.exec(input);
  if (!match) return { time: null, rest: input };
  let hour = Number(match[1]);
  const minute = Number(match[2] || 0);
  const second = Number(match[3] || 0);
  const half = match[5];
  if (half && (hour < 1 || hour > 12)) return 'no-such-time';
  if (half) hour = (hour % 12) + (half === 'pm' ? 12 : 0);
  if (hour > 23 || minute > 59 || second > 59) return 'no-such-time';
  const ms = Number((match[4] || '0').padEnd(3, '0'));
  const rest = `${match.input.slice(0, match.index)} ${match.input.slice(match.index + match[0].length)}`;
  return { time: { hour, minute, second, ms }, rest };
}

function parseDate(text: string, context: TypedTimeContext, time: TimeParts): DateParts | TypedTimeProblem {
  const { zone, now } = context;
  const today = zone.toLocal(now);
  const shift = DAY_WORDS.get(text);
  if (shift !== undefined) return shiftDays(today, shift);

  const weekday =
    WEEKDAYS.findIndex((names) => names.includes(text.replace(/^(прошл\p{L}+|last) /u, ''))) + 1;
  if (weekday > 0) {
    const back = (zone.weekdayAt(now) - weekday + 7) % 7;
    const date = shiftDays(today, -back);
    return back === 0 && earliest(zone.fromLocal({ ...date, ...time })) > now ? shiftDays(date, -7) : date;
  }

  const numeric = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (numeric) return checked(Number(numeric[1]), Number(numeric[2]), Number(numeric[3]));
  const dotted = /^(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2}))?\.?$/.exec(text);
  if (dotted) return withYear(dotted[3], Number(dotted[2]), Number(dotted[1]), context, time);
  const named =
    /^(\d{1,2}) (\p{L}{3,})\.?(?: (\d{4}))?(?: г\.?| года)?$/u.exec(text) ??
    swapped(/^(\p{L}{3,})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?$/u.exec(text));
  if (named) {
    const month = MONTHS.findIndex((names) => names.some((name) => named[2]?.startsWith(name))) + 1;
    if (month > 0) return withYear(named[3], month, Number(named[1]), context, time);
  }
  return 'not-understood';
}

const swapped = (match: RegExpExecArray | null) => (match ? [match[0], match[2], match[1], match[3]] : null);

const checked = (year: number, month: number, day: number): DateParts | TypedTimeProblem =>
  dateExists(year, month, day) ? { year, month, day } : 'no-such-date';

/** A date whose year may be missing: then the latest one that has begun; 29 February looks back to a leap year. */
function withYear(
  yearText: string | undefined,
  month: number,
  day: number,
  { zone, now }: TypedTimeContext,
  time: TimeParts,
): DateParts | TypedTimeProblem {
  if (yearText) return checked(Number(yearText.length === 2 ? `20${yearText}` : yearText), month, day);
  const thisYear = zone.toLocal(now).year;
  for (let year = thisYear; year > thisYear - 9; year--) {
    if (!dateExists(year, month, day)) continue;
    if (earliest(zone.fromLocal({ year, month, day, ...time })) <= now) return { year, month, day };
  }
  return 'no-such-date';
}

function shiftDays({ year, month, day }: DateParts, days: number): DateParts {
  const date = new Date(Date.UTC(year, month - 1, day + days));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** `UTC+3`, `UTC-4:30`: tells apart the two times of an hour that happens twice. */
export function offsetLabel(offsetMs: number): string {
  const minutes = Math.abs(Math.round(offsetMs / 60_000));
  const rest = minutes % 60;
  const sign = offsetMs < 0 ? '−' : '+';
  return `UTC${sign}${Math.floor(minutes / 60)}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`;
}

export type { LocalTime };
