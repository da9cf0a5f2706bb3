import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, it, vi } from 'vitest';
import { createRefetch } from './refetch.ts';

/** The limit only ends a test that fails: a busy machine is given its time. */
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 20 });

/** A hub whose answers come when the test says so. */
function slowHub() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const asked: { answer(value: string): void; signal: AbortSignal }[] = [];
  const observer = new QueryObserver(client, {
    queryKey: ['incidents', 'open'],
    queryFn: ({ signal }) =>
      new Promise<string>((answer) => {
        asked.push({ answer, signal });
      }),
  });
  const stop = observer.subscribe(() => undefined);
  return { client, asked, shown: () => observer.getCurrentResult().data, stop };
}

it('answers come through however fast the hub tells of changes, and the last change is fetched too', async () => {
  const hub = slowHub();
  const refetch = createRefetch(hub.client);
  hub.asked[0]?.answer('at first');
  await eventually(() => expect(hub.shown()).toBe('at first'));
  for (let i = 0; i < 50; i += 1) refetch(['incidents']);
  expect(hub.asked).toHaveLength(2);
  refetch(['incidents']);
  expect(hub.asked[1]?.signal.aborted).toBe(false);
  hub.asked[1]?.answer('then');
  await eventually(() => expect(hub.shown()).toBe('then'));
  // One more for what was said meanwhile.
  await eventually(() => expect(hub.asked).toHaveLength(3));
  hub.asked[2]?.answer('at last');
  await eventually(() => expect(hub.shown()).toBe('at last'));
  refetch(['incidents']);
  await eventually(() => expect(hub.asked).toHaveLength(4));
  hub.stop();
  hub.client.clear();
});

it('a request that fails holds up nothing', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  let asked = 0;
  const observer = new QueryObserver(client, {
    queryKey: ['commands'],
    queryFn: () => {
      asked += 1;
      return Promise.reject(new Error('the hub is gone'));
    },
  });
  const stop = observer.subscribe(() => undefined);
  await eventually(() => expect(observer.getCurrentResult().isError).toBe(true));
  const refetch = createRefetch(client);
  refetch(['commands'], 1);
  refetch(['commands'], 1);
  await eventually(() => expect(asked).toBe(3));
  stop();
  client.clear();
});
