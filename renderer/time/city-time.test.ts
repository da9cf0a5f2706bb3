import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { offsetLabel, parseCityTime, type TypedTime } from './city-time.ts';
import { cityZone } from './city-zone.ts';

const moscow = cityZone('Europe/Moscow');
const berlin = cityZone('Europe/Berlin');
const at = (iso: string) => Date.parse(iso);
/** Sunday, 22 November 2026, 12:00 in Moscow. */
const NOW = at('2026-11-22T12:00:00+03:00');
const parse = (text: string, lookingAt = NOW, zone = moscow, now = NOW): TypedTime =>
  parseCityTime(text, { zone, now, lookingAt });
const one = (iso: string): TypedTime => ({ kind: 'one', utc: at(iso) });

describe('cityZone', () => {
  it('tells the local time and offset, the half-hour zones included', () => {
    expect(moscow.toLocal(at('2026-11-22T09:05:06.007Z'))).toEqual({
      year: 2026,
      month: 11,
      day: 22,
      hour: 12,
      minute: 5,
      second: 6,
      ms: 7,
    });
    expect(cityZone('Asia/Kolkata').offsetAt(NOW)).toBe(5.5 * 3_600_000);
    expect(moscow.weekdayAt(NOW)).toBe(7);
  });

  it('says which times happen twice and which never, and what each could mean', () => {
    const local = { year: 2026, month: 10, day: 25, hour: 2, minute: 30, second: 0, ms: 0 };
    expect(berlin.fromLocal(local)).toEqual({
      kind: 'twice',
      choices: [at('2026-10-25T02:30:00+02:00'), at('2026-10-25T02:30:00+01:00')],
    });
    expect(berlin.fromLocal({ ...local, month: 3, day: 29 })).toEqual({
      kind: 'never',
      choices: [at('2026-03-29T01:30:00+01:00'), at('2026-03-29T03:30:00+02:00')],
    });
  });

  it('keeps the edges of both hours apart', () => {
    const local = { year: 2026, month: 10, day: 25, hour: 1, minute: 59, second: 59, ms: 999 };
    expect(berlin.fromLocal(local).kind).toBe('one');
    expect(berlin.fromLocal({ ...local, hour: 2, minute: 0, second: 0, ms: 0 }).kind).toBe('twice');
    expect(berlin.fromLocal({ ...local, hour: 2 }).kind).toBe('twice');
    expect(berlin.fromLocal({ ...local, hour: 3, minute: 0, second: 0, ms: 0 }).kind).toBe('one');
    const spring = { ...local, month: 3, day: 29 };
    expect(berlin.fromLocal(spring).kind).toBe('one');
    expect(berlin.fromLocal({ ...spring, hour: 2 }).kind).toBe('never');
    expect(berlin.fromLocal({ ...spring, hour: 3, minute: 0, second: 0, ms: 0 }).kind).toBe('one');
  });

  it('begins a day whose midnight does not exist at the jump', () => {
    const beirut = cityZone('Asia/Beirut');
    expect(beirut.startOfDay(2026, 3, 29)).toBe(at('2026-03-29T01:00:00+03:00'));
    expect(beirut.startOfDay(2026, 3, 30)).toBe(at('2026-03-30T00:00:00+03:00'));
  });

  it.each(['Europe/Berlin', 'Europe/Moscow', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu'])(
    'finds every instant of %s again from its local time',
    (name) => {
      const zone = cityZone(name);
      fc.assert(
        fc.property(fc.integer({ min: at('2015-01-01T00:00Z'), max: at('2030-01-01T00:00Z') }), (utc) => {
          const resolved = zone.fromLocal(zone.toLocal(utc));
          return resolved.kind === 'one'
            ? resolved.utc === utc
            : resolved.kind === 'twice' && resolved.choices.includes(utc);
        }),
      );
    },
  );
});

describe('parseCityTime', () => {
  it.each([
    ['вчера 18:40', '2026-11-21T18:40:00+03:00'],
    ['Вчера в 18:40', '2026-11-21T18:40:00+03:00'],
    ['yesterday at 6:40 pm', '2026-11-21T18:40:00+03:00'],
    ['позавчера', '2026-11-20T00:00:00+03:00'],
    ['сегодня 9:05', '2026-11-22T09:05:00+03:00'],
    ['8am', '2026-11-22T08:00:00+03:00'],
    ['12:30 am', '2026-11-22T00:30:00+03:00'],
    ['11:40:05', '2026-11-22T11:40:05+03:00'],
    ['11:40:05,25', '2026-11-22T11:40:05.250+03:00'],
    ['18:40:05', '2026-11-21T18:40:05+03:00'],
    ['22.11 11:40', '2026-11-22T11:40:00+03:00'],
    ['23.11 18:40', '2025-11-23T18:40:00+03:00'],
    ['22.11.26 8:00', '2026-11-22T08:00:00+03:00'],
    ['01.02.2026', '2026-02-01T00:00:00+03:00'],
    ['29.02 10:00', '2024-02-29T10:00:00+03:00'],
    ['3 марта 2026 г. 18:40', '2026-03-03T18:40:00+03:00'],
    ['5 мая, 7:15', '2026-05-05T07:15:00+03:00'],
    ['nov 21, 2026 18:40', '2026-11-21T18:40:00+03:00'],
    ['21 november 18:40', '2026-11-21T18:40:00+03:00'],
    ['в пятницу 10:00', '2026-11-20T10:00:00+03:00'],
    ['воскресенье 11:00', '2026-11-22T11:00:00+03:00'],
    ['вс 18:00', '2026-11-15T18:00:00+03:00'],
    ['last monday 9:00', '2026-11-16T09:00:00+03:00'],
    ['2026-11-21 18:40', '2026-11-21T18:40:00+03:00'],
    ['2026-11-21T18:40:05', '2026-11-21T18:40:05+03:00'],
    ['2026-11-21T18:40:05Z', '2026-11-21T18:40:05Z'],
    ['2026-11-21 18:40:05.5+05:00', '2026-11-21T18:40:05.500+05:00'],
    ['1795243200000', '2026-11-21T06:40:00Z'],
    ['10 минут назад', '2026-11-22T11:50:00+03:00'],
    ['час назад', '2026-11-22T11:00:00+03:00'],
    ['-90s', '2026-11-22T11:58:30+03:00'],
    ['1,5 ч назад', '2026-11-22T10:30:00+03:00'],
    ['2 hours ago', '2026-11-22T10:00:00+03:00'],
    ['сейчас', '2026-11-22T12:00:00+03:00'],
    ['now', '2026-11-22T12:00:00+03:00'],
  ])('reads «%s»', (text, iso) => {
    expect(parse(text)).toEqual(one(iso));
  });

  it('takes a time alone for the day that is looked at', () => {
    expect(parse('18:40', at('2026-11-15T03:00:00+03:00'))).toEqual(one('2026-11-15T18:40:00+03:00'));
  });

  it.each([
    ['', 'empty'],
    ['завтра', 'not-understood'],
    ['когда-нибудь', 'not-understood'],
    ['11/22 18:40', 'not-understood'],
    ['22', 'not-understood'],
    ['31.02 10:00', 'no-such-date'],
    ['2026-02-30', 'no-such-date'],
    ['25:00', 'no-such-time'],
    ['12:60', 'no-such-time'],
    ['13 pm', 'no-such-time'],
    ['2026-11-22 12:01', 'future'],
    ['сегодня 23:00', 'future'],
    ['22.11.2027 10:00', 'future'],
    ['__proto__', 'not-understood'],
    ['constructor', 'not-understood'],
    ['1812-09-07 05:30', 'no-such-date'],
    ['99999999 дней назад', 'no-such-date'],
  ])('refuses «%s»: %s', (text, reason) => {
    expect(parse(text)).toEqual({ kind: 'invalid', reason });
  });

  it('asks where the clocks went back or forward, and never guesses', () => {
    const now = at('2026-11-01T12:00:00+01:00');
    for (const text of ['25.10 02:30', '2026-10-25 02:30', '25 october 2:30 am'])
      expect(parse(text, now, berlin, now)).toEqual({
        kind: 'twice',
        choices: [at('2026-10-25T02:30:00+02:00'), at('2026-10-25T02:30:00+01:00')],
      });
    expect(parse('02:30', at('2026-10-25T12:00:00+01:00'), berlin, now).kind).toBe('twice');
    expect(parse('2026-03-29 02:30', now, berlin, now)).toEqual({
      kind: 'never',
      choices: [at('2026-03-29T01:30:00+01:00'), at('2026-03-29T03:30:00+02:00')],
    });
    expect(parse('2026-10-25T02:30:00+01:00', now, berlin, now)).toEqual(one('2026-10-25T02:30:00+01:00'));
  });

  it('never throws and never answers with the future, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        const typed = parse(text);
        return typed.kind !== 'one' || typed.utc <= NOW;
      }),
    );
  });
});

describe('offsetLabel', () => {
  it('words whole and half hours', () => {
    expect(offsetLabel(7_200_000)).toBe('UTC+2');
    expect(offsetLabel(-12_600_000)).toBe('UTC−3:30');
    expect(offsetLabel(0)).toBe('UTC+0');
  });
});
