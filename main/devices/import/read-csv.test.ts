import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CsvRecord, type Delimiter, Delimiters, detectDelimiter, readCsv } from './read-csv.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'kalancha-csv-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let files = 0;
async function read(text: string, delimiter: Delimiter = ';', signal = new AbortController().signal) {
  const file = join(dir, `${files++}.csv`);
  writeFileSync(file, text);
  const records: CsvRecord[] = [];
  const shares: number[] = [];
  for await (const record of readCsv(file, { encoding: 'utf-8', delimiter, signal }, (share) =>
    shares.push(share),
  ))
    records.push(record);
  return { records, shares };
}

describe('delimiters', () => {
  test.each([
    ['id;kind;name\n', ';'],
    ['id,kind,name\n', ','],
    ['id\tkind\tname\n', '\t'],
    ['"a,b";c;d\n', ';'],
    ['\r\n\r\nid,kind\n1;2;3;4\n', ','],
    ['id\n', ';'],
    ['sep=,\r\nid;x,kind\n', ','],
  ])('of %j is %j', (text, delimiter) => expect(detectDelimiter(text).delimiter).toBe(delimiter));
});

describe('records', () => {
  test('carry the line on which they begin, as an editor counts', async () => {
    const { records } = await read(
      'id;name\r\n\r\n1;"two\nlines"\r\n;\r\n2;x\n3;"say ""hi"""\n4;ООО "Ромашка" и К\n',
    );
    expect(records).toEqual([
      { line: 1, cells: ['id', 'name'] },
      { line: 3, cells: ['1', 'two\nlines'] },
      { line: 6, cells: ['2', 'x'] },
      { line: 7, cells: ['3', 'say "hi"'] },
      { line: 8, cells: ['4', 'ООО "Ромашка" и К'] },
    ]);
  });

  test('before a quotation mark that is never closed are read, and the mark is found', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => `${i};ok\n`).join('');
    await expect(read(`${rows}x;"open\n${rows}`)).rejects.toMatchObject({
      line: 501,
      code: 'quote-not-closed',
    });
  });

  test('longer than 64 KiB are refused by line', async () => {
    await expect(read(`a;b\nx;"${'y'.repeat(200_000)}`)).rejects.toMatchObject({
      line: 2,
      code: 'record-too-long',
    });
  });

  test('stop coming when the reader is told to', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(read('a;b\n'.repeat(1000), ';', controller.signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  test('tell how far they are', async () => {
    const { shares } = await read('a;bbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n'.repeat(10_000));
    expect(shares.length).toBeGreaterThan(2);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });

  test('come out as they went in, whatever they hold', async () => {
    const cell = fc.string({ unit: fc.constantFrom(...'aЖ;,\t"\n 1é€'), maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 12 }),
        fc.constantFrom(...Delimiters),
        fc.constantFrom('\n', '\r\n'),
        async (rows, delimiter, end) => {
          const text = rows
            .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(delimiter) + end)
            .join('');
          const { records } = await read(text, delimiter);
          expect(records.map(({ cells }) => cells)).toEqual(
            rows.filter((row) => row.some((value) => value.trim() !== '')),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
