import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold, matches, queryWords, searchText, sortKey } from './fold.ts';

const device = (name: string, address = '', mac = '') =>
  searchText({ name, address, id: 'cam-000123', mac, serial: 'SN77' });
const finds = (query: string, text: string, num = 0) => matches(queryWords(query), text, num);

describe('folding', () => {
  test('is done once and for all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      }),
    );
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."кКхХщшсчёйыэюяkhscy '-1"), maxLength: 30 }),
        (text) => {
          expect(fold(fold(text))).toBe(fold(text));
        },
      ),
    );
  });

  test.each([
    ['Тверская', 'tverskaia'],
    ['ЁЛКА', 'elka'],
    ['Щёлковское ш., д. 5/2', 'shchelkovskoe sh d 5 2'],
    ['Хорошёво', 'horoshevo'],
    ['Подъезд', 'podezd'],
    ['', ''],
    [' .,; ', ''],
  ])('%j becomes %j', (text, folded) => expect(fold(text)).toBe(folded));
});

describe('a query finds', () => {
  const tverskaya = device('Камера 12', 'Тверская улица, 7');
  test.each([
    'Tverskaya',
    'tverskaia',
    'ТВЕРСКАЯ',
    'тверск',
    'улица тверская',
    'ulitsa 7',
    'верская',
    'камера 12 тверская',
    'cam-000123',
    'CAM 000123',
    'sn77',
  ])('Тверская by %j', (query) => expect(finds(query, tverskaya)).toBe(true));

  test.each(['Arbat', 'тверская 8', 'ерская улица дом', '12 7 999'])('not by %j', (query) =>
    expect(finds(query, tverskaya)).toBe(false),
  );

  test.each([
    ['Shchyolkovskoye shosse', 'Щёлковское шоссе'],
    ['щелковское', 'Щёлковское шоссе'],
    ['Щёлковское', 'Щелковское шоссе'],
    ['Khoroshyovskoye', 'Хорошёвское шоссе'],
    ['Horoshevskoe', 'Хорошёвское шоссе'],
    ['Yeniseyskaya', 'Енисейская улица'],
    ['Zamoskvorechye', 'Замоскворечье'],
    ['Yoshkar-Ola', 'Йошкар-Ола'],
    ['Nikitsky', 'Никитский бульвар'],
    ["Ob'ezd", 'Объезд'],
    ['Объезд', "Ob'ezd"],
  ])('%j finds %j', (query, name) => expect(finds(query, device(name))).toBe(true));

  test('a MAC address in any writing', () => {
    const text = device('Точка', '', 'AA:BB:CC:0D:0E:0F');
    for (const query of ['aa:bb:cc', 'AA-BB-CC-0D-0E-0F', 'aabbcc0d0e0f', '0d0e'])
      expect(finds(query, text), query).toBe(true);
    expect(finds('aa:bb:dd', text)).toBe(false);
  });

  test('a device by its number, but not one whose number only begins so', () => {
    const text = device('Мост');
    expect(finds('4711', text, 4711)).toBe(true);
    expect(finds('4711', text, 47110)).toBe(false);
  });

  test('short words only where a word begins', () => {
    expect(finds('ш', device('Школа'))).toBe(true);
    expect(finds('ла', device('Школа'))).toBe(false);
  });

  test('every piece of at least three sounded letters of what was stored', () => {
    const letters = fc.string({
      unit: fc.constantFrom(...'абвгдеёжзийлмнопртуфцшыэюя'),
      minLength: 3,
      maxLength: 12,
    });
    fc.assert(
      fc.property(letters, letters, fc.nat(9), (before, word, cut) => {
        const piece = word.slice(Math.min(cut, word.length - 3));
        expect(finds(piece.toUpperCase(), device(`${before} ${word}`))).toBe(true);
      }),
    );
  });
});

test('names are ordered as people order them', () => {
  const names = ['Камера 10', 'камера 9', 'Ель', 'ёлка', 'Арбат'];
  const sorted = names.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  expect(sorted).toEqual(['Арбат', 'ёлка', 'Ель', 'камера 9', 'Камера 10']);
});
