import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CSV_FORMS, CSV_START, csvLine } from './csv.ts';

it('is read by others as it was meant', () => {
  const text = fc
    .string({ unit: 'binary' })
    .filter((value) => !/^[=+\-@\t\r]/.test(value) && !value.includes('\u0000'));
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 4 }), (rows) => {
      const file = CSV_START + rows.map(([a, b]) => csvLine([a, 7, b])).join('');
      const read = parse(file, { bom: true, delimiter: ';', relax_column_count: true });
      expect(read).toEqual(rows.map(([a, b]) => [a, '7', b]));
    }),
  );
});

it('is never a formula', () => {
  expect(csvLine(['=cmd|calc', '+1', '@x', '-2', 'a=b', -3, null])).toBe(
    "'=cmd|calc;'+1;'@x;'-2;a=b;-3;\r\n",
  );
});

it('is split and counted as the spreadsheets of a language do', () => {
  expect(csvLine(['а;б', 12.05], CSV_FORMS.ru)).toBe('"а;б";12,05\r\n');
  expect(csvLine(['a,b', 12.05], CSV_FORMS.en)).toBe('"a,b",12.05\r\n');
});
