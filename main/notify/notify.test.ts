import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { QUIET_MS } from './receiver.ts';
import { collecting, type NoticeBench, openNoticeBench, T0 } from './test-notices.ts';

let bench: NoticeBench;
beforeEach(async () => {
  bench = await openNoticeBench();
});
afterEach(() => bench.stop());

describe('notices', () => {
  it('go out once, together, at most one message a minute', async () => {
    const channel = collecting();
    bench.start(channel);
    for (const id of ['a', 'b']) bench.incident(id);
    bench.incident('muted', { muted: true });
    bench.incident('info', { severity: 'info' });
    bench.tell('a', 'b', 'muted', 'info');
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['opened a', 'opened b']]);
    bench.incident('c');
    bench.incident('a', { clearedAt: T0 + 5_000 });
    bench.tell('c', 'a', 'b');
    bench.tell('c');
    bench.clock.advance(QUIET_MS - 1);
    await expect.poll(() => bench.storage.db.selectFrom('notices').selectAll().execute()).toHaveLength(4);
    expect(channel.messages).toHaveLength(1);
    bench.clock.advance(1);
    await expect.poll(() => channel.messages[1], { timeout: 10_000 }).toEqual(['opened c', 'cleared a']);
  });

  it('of a muted incident wait for the end of the mute; that it is over is told to whoever knew of it', async () => {
    const channel = collecting();
    bench.start(channel);
    for (const id of ['a', 'b', 'c']) bench.incident(id);
    bench.tell('a');
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['opened a']]);
    bench.tell('b');
    await expect.poll(() => bench.storage.db.selectFrom('notices').selectAll().execute()).toHaveLength(2);
    // Muted while it waits for its minute, and after it was told.
    bench.incident('b', { muted: true });
    bench.incident('a', { muted: true, clearedAt: T0 + 1 });
    bench.tell('a', 'b', 'c');
    await expect.poll(() => bench.storage.db.selectFrom('notices').selectAll().execute()).toHaveLength(4);
    bench.clock.advance(QUIET_MS);
    await expect.poll(() => channel.messages[1], { timeout: 10_000 }).toEqual(['cleared a', 'opened c']);
    bench.incident('b');
    bench.tell('b');
    bench.clock.advance(QUIET_MS);
    await expect.poll(() => channel.messages[2], { timeout: 10_000 }).toEqual(['opened b']);
  });

  it('say that it is back, where everybody believes that it is over', async () => {
    const channel = collecting();
    bench.start(channel);
    bench.incident('a');
    bench.tell('a');
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['opened a']]);
    // Over and back before its end was told: nobody needs to know.
    bench.incident('a', { clearedAt: T0 + 1 });
    bench.tell('a');
    await expect.poll(() => bench.storage.db.selectFrom('notices').selectAll().execute()).toHaveLength(2);
    bench.incident('a');
    bench.tell('a');
    bench.clock.advance(QUIET_MS);
    await expect
      .poll(() => bench.storage.db.selectFrom('notices').selectAll().execute(), { timeout: 10_000 })
      .toHaveLength(1);
    bench.incident('a', { clearedAt: T0 + 2 });
    bench.tell('a');
    await expect.poll(() => channel.messages[1], { timeout: 10_000 }).toEqual(['cleared a']);
    bench.incident('a');
    bench.tell('a');
    bench.clock.advance(QUIET_MS);
    await expect.poll(() => channel.messages[2], { timeout: 10_000 }).toEqual(['opened a']);
    expect(channel.messages).toHaveLength(3);
  });

  it('of what opened and ended in the moment in which the hub was killed go out at the next start', async () => {
    const channel = collecting();
    const first = bench.start(channel);
    bench.incident('ended');
    bench.tell('ended');
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['opened ended']]);
    await first.stop();
    bench.incident('ended', { clearedAt: T0 + 1 });
    bench.incident('opened');
    bench.incident('old', { openedAt: T0 - 7 * 3_600_000 });
    bench.incident('muted', { muted: true });
    bench.standing = ['opened', 'old', 'muted'];
    bench.start(channel);
    bench.clock.advance(QUIET_MS);
    await expect
      .poll(() => channel.messages[1], { timeout: 10_000 })
      .toEqual(['cleared ended', 'opened opened']);
  });

  it('that could not be kept are kept as soon as it is possible', async () => {
    const channel = collecting();
    bench.storeFails = true;
    bench.start(channel);
    bench.incident('a');
    bench.standing = ['a'];
    bench.tell('a');
    await expect.poll(() => bench.lines.join('')).toContain('notices could not be kept');
    bench.storeFails = false;
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['opened a']]);
  });

  it('wait while the way is closed, over a start too, and none is lost', async () => {
    const channel = collecting();
    channel.failing = true;
    const first = bench.start(channel);
    bench.incident('a');
    bench.tell('a');
    await expect
      .poll(() => first.receivers(), { timeout: 10_000 })
      .toMatchObject([
        {
          name: 'test',
          state: 'failing',
          problem: { code: 'receiver-other', text: 'nobody there' },
          waiting: 1,
        },
      ]);
    await first.stop();
    channel.failing = false;
    const second = bench.start(channel);
    await expect.poll(() => channel.messages, { timeout: 10_000 }).toEqual([['opened a']]);
    await expect
      .poll(() => second.receivers(), { timeout: 10_000 })
      .toMatchObject([{ state: 'working', nextTryAt: null, waiting: 0 }]);
    bench.tell('a');
    bench.clock.advance(QUIET_MS);
    bench.incident('b');
    bench.tell('b');
    await expect.poll(() => channel.messages[1], { timeout: 10_000 }).toEqual(['opened b']);
  });
});
