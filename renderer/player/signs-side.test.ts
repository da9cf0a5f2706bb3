import { expect, test } from 'vitest';
import { signsSideOf, signsSides } from './useSignsSide.ts';

test('signs stand below, where few cameras write, unless this machine chose otherwise', () => {
  expect([null, '', 'left', 'top', 'bottom'].map(signsSideOf)).toEqual([
    ...['bottom', 'bottom', 'bottom', 'top', 'bottom'],
  ]);
  expect(signsSides.map(signsSideOf)).toEqual(signsSides);
});
