import { expect, test } from 'vitest';
import { maskedText } from './macs.ts';

test('a MAC in a text is masked however it is written, and alone', () => {
  expect(maskedText('roam AA-BB-CC-DD-EE-FF, aabbccddeeff and aabb.ccdd.eeff')).toBe(
    'roam aa:bb:cc:xx:xx:xx, aa:bb:cc:xx:xx:xx and aa:bb:cc:xx:xx:xx',
  );
});

test('times and counters stay readable, a MAC amid more hex digits does not', () => {
  const report = '{"session":1795348619458,"seq":1000001,"ts":1795348619460,"totalB":64000000000}';
  expect(maskedText(report)).toBe(report);
  expect(maskedText('1aabbccddeeff')).not.toContain('ddeeff');
  expect(maskedText('0123456789abc')).not.toContain('89abc');
  expect(maskedText('1795348619458abcdef')).not.toContain('1795348619458');
});
