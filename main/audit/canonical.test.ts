import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './canonical.ts';

test('keys are sorted at every depth, lists keep their order, there is no white space', () => {
  expect(canonicalJson({ b: [3, { z: null, a: 'ё' }], a: true, B: 1.5 })).toBe(
    '{"B":1.5,"a":true,"b":[3,{"a":"ё","z":null}]}',
  );
});

test('it is JSON of the same value, and the same text for the same value', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value: unknown = JSON.parse(text);
      const canonical = canonicalJson(value);
      expect(JSON.parse(canonical)).toEqual(value);
      expect(canonicalJson(JSON.parse(canonical))).toBe(canonical);
    }),
  );
});
