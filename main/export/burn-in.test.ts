import { expect, test } from 'vitest';
import { cardDrawing, clockText, fontSize, markDrawing, plain, wrap } from './burn-in.ts';
import { createCityTime, zoneLabel } from './city-time.ts';
import { personLine } from './words.ts';

const NASTY = [
  "О'Нил",
  'a:fontfile=/etc/passwd',
  '[x];[0:v]split',
  "x',drawtext=text='y",
  '%{pts} %{eif:1:d}',
  'back\\slash \\: \\n',
  '100%',
  'ё № Ж\u202Eabc\nnext\u0000',
  '='.repeat(300),
];

test.each(NASTY)('a name of any kind never reaches the filter: %s', (name) => {
  const harmless = markDrawing(
    { startMs: 0, offsetMs: 0, camera: 'x', person: 'x', copy: 'x' },
    768,
    576,
    'p',
  );
  const drawing = markDrawing(
    { startMs: 0, offsetMs: 0, camera: name, person: name, copy: name },
    768,
    576,
    'p',
  );
  expect(drawing.filters).toEqual(harmless.filters);
  const plainFiles = Object.entries(drawing.files).filter(([file]) => !file.endsWith('-time.txt'));
  expect(plainFiles).toHaveLength(3);
  for (const [file] of plainFiles)
    expect(drawing.filters.find((filter) => filter.includes(`textfile=${file}:`))).toContain(
      'expansion=none',
    );
  expect(drawing.files['p-time.txt']).toBe(harmless.files['p-time.txt']);
});

test('control characters neither end a line nor turn it round', () => {
  expect(plain('a\nb\u0000c\u202Ed\u2028e')).toBe('a b c d e');
});

test('long words are broken, none is lost', () => {
  expect(wrap('one two three', 7)).toBe('one two\nthree');
  expect(wrap('x'.repeat(20), 8)).toBe('xxxxxxxx\nxxxxxxxx\nxxxx');
});

test('writing fits a small picture and is not tiny on a large one', () => {
  expect(fontSize(352, 288)).toBeLessThanOrEqual(10);
  expect(fontSize(1920, 1080)).toBeGreaterThanOrEqual(30);
});

test('the clock counts from the first frame, in both zones, never on a whole second where roundings differ', () => {
  const text = clockText(Date.UTC(2026, 10, 22, 20, 59, 59, 876), 3 * 3_600_000);
  expect(text).toContain(`%{pts:gmtime:${Date.UTC(2026, 10, 22, 23, 59, 59) / 1000}.876503:%d.%m.%Y`);
  expect(text).toContain('(t+0.876503)*1000');
  expect(text).toContain('UTC+3 · ');
  expect(text.endsWith(' UTC')).toBe(true);
});

test('a card tells from when to when, how long and why', () => {
  const from = Date.UTC(2026, 10, 22, 11, 5, 10);
  const { files } = cardDrawing(
    {
      ...{ from, to: from + 140_000, reason: 'stream-lost', offsetMs: 10_800_000 },
      ...{ camera: 'Двор', person: 'Анна', language: 'ru' },
    },
    1920,
    1080,
    'p',
  );
  expect(files['p-card.txt']).toBe(
    'Нет записи: 2 мин 20 с\n22.11.2026 14:05:10 – 22.11.2026 14:07:30 UTC+3\nкамера не передавала видео\nДвор\nАнна',
  );
});

test('who has no personnel number is named by his login', () => {
  const person = { id: 'p', login: 'ann', name: 'Анна', unit: '', number: '' };
  expect(personLine(person, 'ru')).toBe('Анна · логин ann');
  expect(personLine({ ...person, number: '12' }, 'en')).toBe('Анна · No. 12');
});

test('the city clock knows its changes', () => {
  const berlin = createCityTime('Europe/Berlin');
  const change = Date.UTC(2026, 9, 25, 1, 0, 0);
  expect(berlin.changes(change - 3_600_000, change + 3_600_000)).toEqual([change]);
  expect(berlin.changes(change, change + 3_600_000)).toEqual([]);
  expect([berlin.offsetAt(change - 1), berlin.offsetAt(change)].map(zoneLabel)).toEqual(['UTC+2', 'UTC+1']);
  expect(zoneLabel(-12_600_000)).toBe('UTC−3:30');
});
