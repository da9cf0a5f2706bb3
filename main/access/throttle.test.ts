import { expect, test } from 'vitest';
import { manualClock } from '../base/clock.ts';
import { addressKey, createThrottle } from './throttle.ts';

const clock = manualClock();
const SECOND = 1000;

function failUntilRefused(throttle: ReturnType<typeof createThrottle>, login: string, from: string): number {
  for (let tries = 0; ; tries += 1) if (!throttle.attempt(login, from).admitted) return tries;
}

test('each failure after the third doubles the wait, up to a quarter of an hour', () => {
  const throttle = createThrottle(clock);
  const waits: number[] = [];
  for (let i = 0; i < 16; i += 1) {
    const attempt = throttle.attempt('ivanov', '10.0.0.1');
    if (attempt.admitted) continue;
    waits.push(attempt.retryAfterS);
    clock.advance(attempt.retryAfterS * SECOND);
    i -= 1;
  }
  expect(waits.slice(0, 5)).toEqual([1, 2, 4, 8, 16]);
  expect(Math.max(...waits)).toBe(900);
});

test('success clears what failed before, quiet forgets it', () => {
  const throttle = createThrottle(clock);
  throttle.attempt('ivanov', '10.0.0.1');
  throttle.attempt('ivanov', '10.0.0.1');
  const third = throttle.attempt('ivanov', '10.0.0.1');
  if (!third.admitted) throw new Error('three are free');
  third.succeeded();
  expect(failUntilRefused(throttle, 'ivanov', '10.0.0.1')).toBe(3);
  clock.advance(3_600_000);
  expect(failUntilRefused(throttle, 'ivanov', '10.0.0.1')).toBe(3);
});

test('setting the wall clock shortens no wait', () => {
  const throttle = createThrottle(clock);
  failUntilRefused(throttle, 'ivanov', '10.0.0.1');
  clock.jump(86_400_000);
  expect(throttle.attempt('ivanov', '10.0.0.1').admitted).toBe(false);
});

test('an address that tries one login after the other waits too, but not who is at home there', () => {
  const throttle = createThrottle(clock);
  const home = throttle.attempt('petrov', '10.0.0.9');
  if (!home.admitted) throw new Error('first attempt');
  home.succeeded();
  let tried = 0;
  while (throttle.attempt(`guess-${tried}`, '10.0.0.9').admitted) tried += 1;
  expect(tried).toBe(20);
  expect(throttle.attempt('petrov', '10.0.0.9').admitted).toBe(true);
  expect(throttle.attempt('sidorov', '10.0.0.10').admitted).toBe(true);
});

test('guessing one login from everywhere gives each address a single try and shuts nobody out elsewhere', () => {
  const throttle = createThrottle(clock);
  for (let i = 0; i < 10; i += 1) throttle.attempt('ivanov', `10.1.0.${i}`);
  expect(failUntilRefused(throttle, 'ivanov', '10.2.0.1')).toBe(1);
  expect(throttle.attempt('ivanov', '10.3.0.1').admitted).toBe(true);
});

test('what is remembered is bounded', () => {
  const throttle = createThrottle(clock);
  for (let i = 0; i < 30_000; i += 1)
    throttle.attempt(`login-${i}`, `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
  expect(throttle.size()).toBeLessThanOrEqual(40_000);
});

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s is the customer %s', (from, key) => {
  expect(addressKey(from)).toBe(key);
});
