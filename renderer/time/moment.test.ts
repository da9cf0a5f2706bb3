import { describe, expect, it } from 'vitest';
import { cityDay, cityField, cityMoment } from './city-moment.ts';
import { cityZone } from './city-zone.ts';
import { dayOfText, dayText } from './day-text.ts';

const moscow = cityZone('Europe/Moscow');
const berlin = cityZone('Europe/Berlin');

describe('a moment of the city in a field', () => {
  it('is left open where the clock makes it twice or never', () => {
    expect(cityMoment('2026-10-25T02:30', berlin)).toBeUndefined();
    expect(cityMoment('2026-03-29T02:30', berlin)).toBeUndefined();
    expect(cityMoment('2026-10-25T03:30', berlin)).toBe(Date.parse('2026-10-25T03:30:00+01:00'));
  });

  it('is none while a part of it is missing', () => {
    for (const part of ['', '2026-11-22', '2026-11-22T', 'T12:00', '2026-11-22T12', '2026-02-30T12:00'])
      expect(cityMoment(part, moscow)).toBeUndefined();
  });

  it('comes back as it was written', () => {
    const noon = Date.parse('2026-11-22T12:00:00+03:00');
    expect(cityField(noon, moscow)).toBe('2026-11-22T12:00');
    expect(cityMoment(cityField(noon, moscow), moscow)).toBe(noon);
    expect(cityDay(Date.parse('2026-11-22T22:00:00Z'), moscow)).toBe('2026-11-23');
  });
});

describe('a day in a field', () => {
  it('reads as the language writes it', () => {
    expect(dayText('2026-12-22', 'ru')).toBe('22.12.2026');
    expect(dayText('2026-12-02', 'en')).toBe('02/12/2026');
  });

  it('is understood with the day first, whatever stands between', () => {
    for (const text of ['22.12.2026', '22/12/2026', '22 12 2026', '22122026', '2026-12-22', ' 22-12-2026 '])
      expect(dayOfText(text)).toBe('2026-12-22');
    expect(dayOfText('2.1.2026')).toBe('2026-01-02');
  });

  it('is not taken before it is whole, nor when the calendar has none such', () => {
    for (const text of ['', '22', '22.12', '22.12.20', '22.12.202', '12/22/2026', '30.02.2026', 'вчера'])
      expect(dayOfText(text)).toBeNull();
  });
});
