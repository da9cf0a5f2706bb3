import { expect, test } from 'vitest';
import { isHubBlind } from './blindness.ts';

test('a gateway that is gone is told apart from a hub that hears nobody', () => {
  expect(isHubBlind({ unknownSince: null, gateway: null })).toBe(false);
  expect(isHubBlind({ unknownSince: 5, gateway: null })).toBe(true);
  expect(isHubBlind({ unknownSince: 5, gateway: { goneSince: 5 } })).toBe(false);
  expect(isHubBlind({ unknownSince: 5, gateway: { goneSince: null } })).toBe(true);
  // The link to the broker broke, and a gateway had been gone before.
  expect(isHubBlind({ unknownSince: 9, gateway: { goneSince: 5 } })).toBe(true);
});
