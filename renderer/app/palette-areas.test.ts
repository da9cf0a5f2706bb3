import { describe, expect, it } from 'vitest';
import type { Area } from '../../main/contract/device.ts';
import { matchingAreas } from './palette-areas.ts';

const area = (id: string, nameRu: string, nameEn: string): Area => ({
  id,
  level: 'district',
  parentId: 'x',
  nameRu,
  nameEn,
  lat: 55,
  lon: 37,
});
const areas = [
  area('1', 'Новокосино', 'Novokosino'),
  area('2', 'Косино-Ухтомский', 'Kosino-Ukhtomsky'),
  area('3', 'Хорошёво-Мнёвники', 'Khoroshyovo-Mnyovniki'),
];
const found = (typed: string, language: 'ru' | 'en' = 'ru') =>
  matchingAreas(areas, typed, language).map(({ id }) => id);

describe('places in the palette', () => {
  it('are found in either language, those that begin with the words first', () => {
    expect(found('косино')).toEqual(['2', '1']);
    expect(found('KOSINO', 'en')).toEqual(['2', '1']);
  });

  it('are found with е for ё', () => {
    expect(found('хорошево')).toEqual(['3']);
  });

  it('are none for nothing typed', () => {
    expect(found('')).toEqual([]);
  });
});
