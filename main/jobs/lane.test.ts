import { expect, test } from 'vitest';
import { createLane } from './lane.ts';

/** Orders of several people, each named; they run one after the other and tell their names. */
function ordered(names: readonly string[]) {
  const lane = createLane(1);
  const done: string[] = [];
  const gates = names.map(() => Promise.withResolvers<void>());
  const aborts = names.map(() => new AbortController());
  const runs = names.map((name, at) =>
    lane.run(
      name.slice(0, 3),
      async () => {
        await gates[at]?.promise;
        done.push(name);
      },
      aborts[at]?.signal ?? AbortSignal.abort(),
    ),
  );
  return { lane, done, gates, aborts, runs };
}

test('people take turns, and are told truly how many go before them', async () => {
  const names = ['ann1', 'ann2', 'ann3', 'bob1', 'eve1', 'bob2'];
  const { lane, done, gates, aborts, runs } = ordered(names);
  expect(aborts.map(({ signal }) => lane.ahead(signal))).toEqual([0, 3, 5, 1, 2, 4]);
  for (const gate of gates) gate.resolve();
  await Promise.all(runs);
  expect(done).toEqual(['ann1', 'bob1', 'eve1', 'ann2', 'bob2', 'ann3']);
});

test('who gives up waiting is not waited for', async () => {
  const { lane, done, gates, aborts, runs } = ordered(['ann1', 'bob1', 'eve1']);
  aborts[1]?.abort();
  await Promise.resolve();
  expect(lane.ahead(aborts[2]?.signal ?? AbortSignal.abort())).toBe(1);
  for (const gate of gates) gate.resolve();
  await Promise.all(runs);
  expect(done.slice().sort()).toEqual(['ann1', 'bob1', 'eve1']);
  expect(done.indexOf('ann1')).toBeLessThan(done.indexOf('eve1'));
});
