import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notify } from './notify.ts';
import { QUIET_MS, STALE_MS } from './receiver.ts';
import { type Collected, collecting, type NoticeBench, openNoticeBench } from './test-notices.ts';

let bench: NoticeBench;
beforeEach(async () => {
  bench = await openNoticeBench();
});
afterEach(() => bench.stop());

/** A receiver that was tried to be told of incident `a`, and took nothing. */
async function failing(): Promise<{ channel: Collected; hub: Notify }> {
  const channel = collecting();
  channel.failing = true;
  const hub = bench.start(channel);
  bench.incident('a');
  bench.tell('a');
  await expect.poll(() => hub.receivers(), { timeout: 10_000 }).toMatchObject([{ state: 'failing' }]);
  return { channel, hub };
}

describe('a receiver that fails', () => {
  const FIRST_RETRY_MS = 5_000;

  it('holds up nobody else, not even while it is silent', async () => {
    const silent = collecting('silent');
    const hanging = Promise.withResolvers<void>();
    silent.send = () => hanging.promise;
    const other = collecting('other');
    bench.start(silent, other);
    bench.incident('a');
    bench.tell('a');
    await expect.poll(() => other.messages, { timeout: 10_000 }).toEqual([['opened a']]);
    bench.incident('b');
    bench.tell('b');
    bench.clock.advance(QUIET_MS);
    await expect.poll(() => other.messages[1], { timeout: 10_000 }).toEqual(['opened b']);
    hanging.resolve();
  });

  it('is tried by the newest alone, and when that gets through the rest follows at once', async () => {
    const { channel, hub } = await failing();
    for (const id of ['b', 'c', 'd']) bench.incident(id);
    bench.tell('b', 'c', 'd');
    await expect.poll(() => hub.receivers(), { timeout: 10_000 }).toMatchObject([{ waiting: 4 }]);
    bench.clock.advance(FIRST_RETRY_MS);
    await expect.poll(() => channel.tried, { timeout: 10_000 }).toEqual(['a', 'd']);
    await expect
      .poll(() => hub.receivers(), { timeout: 10_000 })
      .toMatchObject([{ nextTryAt: bench.clock.now() + 2 * FIRST_RETRY_MS }]);
    channel.failing = false;
    bench.clock.advance(2 * FIRST_RETRY_MS);
    await expect
      .poll(() => channel.messages, { timeout: 10_000 })
      .toEqual([['opened c'], ['opened a', 'opened b', 'opened d']]);
    expect(bench.givenUp).toEqual([]);
  });

  it('and has had all that waited gets one message a minute again', async () => {
    const channel = collecting();
    const other: Collected = { ...collecting('other'), minSeverity: 'critical' };
    channel.failing = true;
    bench.start(channel, other);
    bench.incident('a', { severity: 'warning' });
    bench.tell('a');
    await expect.poll(() => bench.lines.join(''), { timeout: 10_000 }).toContain('could not be sent');
    channel.failing = false;
    bench.clock.advance(5_000);
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['opened a']]);
    bench.incident('b');
    bench.tell('b');
    await expect.poll(() => other.messages, { timeout: 10_000 }).toEqual([['opened b']]);
    // Looked at before the other.
    expect(channel.messages).toHaveLength(1);
    bench.clock.advance(QUIET_MS);
    await expect.poll(() => channel.messages[1], { timeout: 10_000 }).toEqual(['opened b']);
  });

  it('takes all but what it refuses, and that is given up on record', async () => {
    const { channel, hub } = await failing();
    for (const id of ['b', 'c']) bench.incident(id);
    bench.tell('b', 'c');
    await expect.poll(() => hub.receivers(), { timeout: 10_000 }).toMatchObject([{ waiting: 3 }]);
    [channel.failing, channel.refused] = [false, 'b'];
    for (let tries = 2; bench.givenUp.length === 0; tries++) {
      expect(tries).toBeLessThan(60);
      const before = channel.tried.length;
      bench.clock.advance(QUIET_MS * 5);
      await expect
        .poll(() => channel.tried.length > before || bench.givenUp.length > 0, { timeout: 10_000 })
        .toBe(true);
    }
    expect(channel.messages.flat().toSorted()).toEqual(['opened a', 'opened c']);
    expect(bench.givenUp).toEqual([{ channel: 'test', incidents: ['b'], problem: 'answered 400' }]);
    expect(await hub.receivers()).toMatchObject([
      { waiting: 0, givenUp: 1, lastGivenUpAt: bench.clock.now() },
    ]);
  });

  it('is not told of what is no news any more, and somebody learns that', async () => {
    const { channel } = await failing();
    bench.clock.advance(STALE_MS + 1);
    await expect
      .poll(() => bench.givenUp, { timeout: 10_000 })
      .toEqual([{ channel: 'test', incidents: ['a'], problem: 'nobody there' }]);
    channel.failing = false;
    bench.incident('b');
    bench.tell('b');
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['opened b']]);
  });

  it('can be tested: what waits goes as soon as the test gets through', async () => {
    const { channel, hub } = await failing();
    await expect(hub.test('test')).rejects.toMatchObject({
      code: 'notice-test-failed',
      params: { trouble: 'receiver-other' },
    });
    await expect(hub.test('nobody')).rejects.toMatchObject({ code: 'not-found' });
    channel.failing = false;
    await hub.test('test');
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['test'], ['opened a']]);
    expect(await hub.receivers()).toMatchObject([{ state: 'working', lastSentAt: bench.clock.now() }]);
  });
});
