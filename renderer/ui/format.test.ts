import { describe, expect, it } from 'vitest';
import {
  formatAgo,
  formatBitrate,
  formatBytes,
  formatDateTime,
  formatDuration,
  formatNumber,
  formatPercent,
  formatTime,
} from './format.ts';

const ZONE = 'Europe/Moscow';
const ru = { d: 'д', h: 'ч', min: 'мин', s: 'с' };
/** Intl separates by one of several kinds of space, and its versions differ on the dot after a short unit. */
const plain = (text: string) => text.replace(/\s/gu, ' ').replaceAll('мин.', 'мин');

describe('times in the city', () => {
  const at = Date.UTC(2026, 10, 21, 21, 5, 9);
  it('are told in the zone given, not in the machine’s', () => {
    expect(formatDateTime(at, ZONE, 'ru')).toBe('22.11.2026, 00:05:09');
    expect(formatDateTime(at, 'UTC', 'en')).toBe('21/11/2026, 21:05:09');
    expect(formatTime(at, ZONE, 'ru')).toBe('00:05:09');
  });
});

describe('how long ago', () => {
  it('uses the largest whole unit', () => {
    expect(plain(formatAgo(300, 'ru'))).toBe('сейчас');
    expect(plain(formatAgo(59_999, 'en'))).toBe('59 sec ago');
    expect(plain(formatAgo(5 * 60_000, 'ru'))).toBe('5 мин назад');
    expect(plain(formatAgo(3 * 3_600_000, 'en'))).toBe('3 hr ago');
    expect(plain(formatAgo(86_400_000, 'ru'))).toBe('вчера');
  });

  it('knows what is ahead', () => {
    expect(plain(formatAgo(-120_000, 'en'))).toBe('in 2 min');
  });
});

describe('durations', () => {
  it('show the two largest units and skip empty ones', () => {
    expect(formatDuration(0, ru)).toBe('0 с');
    expect(formatDuration(725_000, ru)).toBe('12 мин 5 с');
    expect(formatDuration(3 * 86_400_000 + 4 * 3_600_000 + 59_000, ru)).toBe('3 д 4 ч');
    expect(formatDuration(86_400_000 + 5 * 60_000, ru)).toBe('1 д');
  });
});

describe('sizes', () => {
  it('step by thousands', () => {
    expect(plain(formatBytes(0, 'ru'))).toBe('0 Б');
    expect(plain(formatBytes(1500, 'ru'))).toBe('1,5 КБ');
    expect(plain(formatBytes(999_600, 'en'))).toBe('1 MB');
    expect(plain(formatBytes(42e9, 'ru'))).toBe('42 ГБ');
    expect(plain(formatBytes(-5, 'en'))).toBe('0 B');
  });

  it('of streams, counts and shares', () => {
    expect(plain(formatBitrate(850, 'ru'))).toBe('850 кбит/с');
    expect(plain(formatBitrate(2450, 'en'))).toBe('2.5 Mbit/s');
    expect(plain(formatNumber(167_000, 'ru'))).toBe('167 000');
    expect(plain(formatPercent(0.374, 'ru'))).toBe('37 %');
    expect(formatPercent(0.374, 'en')).toBe('37%');
  });
});
