import { expect, test } from 'vitest';
import { createOneAtATime } from './one-at-a-time.ts';

test("a person's tasks run one after the other, others' beside them, and too many are refused", async () => {
  const places = createOneAtATime(1);
  const log: string[] = [];
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const refused = () => new Error('too many');
  const task = (name: string, wait: Promise<void>) => async () => {
    log.push(`${name} begins`);
    await wait;
    log.push(`${name} ends`);
    if (name === 'a1') throw new Error('a1 failed');
    return name;
  };
  const now = Promise.resolve();
  const first = places.run('a', task('a1', gate), refused);
  const second = places.run('a', task('a2', now), refused);
  await expect(places.run('a', task('a3', now), refused)).rejects.toThrow('too many');
  expect(await places.run('b', task('b1', now), refused)).toBe('b1');
  expect(log).toEqual(['a1 begins', 'b1 begins', 'b1 ends']);
  open();
  await expect(first).rejects.toThrow('a1 failed');
  expect(await second).toBe('a2');
  expect(log.slice(3)).toEqual(['a1 ends', 'a2 begins', 'a2 ends']);
  expect(await places.run('a', task('a4', now), refused)).toBe('a4');
});
