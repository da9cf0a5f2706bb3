import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { EncodingDetector } from './encoding.ts';

function detect(bytes: Uint8Array, pieces = 7): string {
  const detector = new EncodingDetector();
  for (let at = 0; at < bytes.length; at += pieces) detector.write(bytes.subarray(at, at + pieces));
  return detector.end();
}

const text = 'id;тип;название\r\ncam-1;камера;Тверская улица, 7\r\n';

describe('the encoding is told', () => {
  test.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.from(`\ufeff${text}`)],
    ['utf-8', Buffer.from('id,kind\n1,camera\n')],
    ['utf-8', Buffer.alloc(0)],
    ['windows-1251', iconv.encode(text, 'windows-1251')],
    ['utf-16le', iconv.encode(text, 'utf-16le', { addBOM: true })],
    ['utf-16be', iconv.encode(text, 'utf-16be', { addBOM: true })],
    ['utf-16le', iconv.encode(text, 'utf-16le', { addBOM: false })],
    ['utf-16be', iconv.encode(text, 'utf-16be', { addBOM: false })],
  ])('%s', (encoding, bytes) => {
    for (const pieces of [1, 2, 3, 1000]) expect(detect(bytes, pieces)).toBe(encoding);
  });

  test('of a file whose only Russian word stands far behind', () => {
    const latin = 'cam,camera\n'.repeat(20_000);
    expect(detect(iconv.encode(`${latin}Арбат`, 'windows-1251'), 4096)).toBe('windows-1251');
    expect(detect(Buffer.from(`${latin}Арбат`), 4096)).toBe('utf-8');
  });

  test('as UTF-8 still where a byte of it is damaged', () => {
    const bytes = Buffer.from(text.repeat(3));
    bytes[bytes.indexOf(Buffer.from('Т'))] = 0xff;
    expect(detect(bytes)).toBe('utf-8');
  });

  test('for any text that UTF-8 can hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 9 }), (any, pieces) => {
        fc.pre(!any.includes('\0'));
        expect(detect(Buffer.from(any), pieces)).toBe('utf-8');
      }),
    );
  });
});
