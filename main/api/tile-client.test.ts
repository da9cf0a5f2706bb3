import { beforeEach, describe, expect, it } from 'vitest';
import { format, START, tileBench } from '../../tests/support/tile-bench.ts';

const bench = tileBench();

describe('a tile', () => {
  it('gets its format, then each frame at once; the view is on record before the first', async () => {
    const console = bench.connect();
    await console.open(1, 'cam-1');
    expect(bench.record).toEqual(['start cam-1', 'follow cam-1 main']);
    for (let n = 0; n < 3; n++) bench.frame('cam-1', n);
    expect(console.told).toEqual([{ type: 'opened', tile: 1, track: 'main' }]);
    expect(console.got.map(({ kind, number }) => `${kind} ${number}`)).toEqual([
      'format 1',
      'fragment 2',
      'fragment 3',
      'fragment 4',
    ]);
    console.say({ type: 'close', tile: 1 });
    expect(bench.views).toBe(0);
    bench.frame('cam-1', 3);
    expect(console.frames(1)).toEqual([0, 1, 2]);
  });

  it('is told the new format before what needs it', async () => {
    const console = bench.connect();
    await console.open(1, 'cam-1');
    bench.frame('cam-1', 0);
    bench.frame('cam-1', 20, 2_000, { format: { ...format, hash: 'g' }, run: 2 });
    expect(console.got.map(({ kind }) => kind)).toEqual(['format', 'fragment', 'format', 'fragment']);
  });

  it('never gets footage that is older than the live window', async () => {
    const console = bench.connect();
    await console.open(1, 'cam-1');
    bench.frame('cam-1', 0, 2_000, { utcMs: START - 61_000 });
    bench.frame('cam-1', 20, 2_000, { utcMs: START - 1_000 });
    expect(console.frames(1)).toEqual([20]);
  });

  it('that closes while its view is put on record leaves nothing behind', async () => {
    const console = bench.connect();
    console.say({ type: 'open', tile: 1, cameraId: 'cam-1', tracks: ['main'] });
    console.client.closed();
    await console.settled();
    expect(bench.views).toBe(0);
    expect([...bench.listeners.values()].every((all) => all.size === 0)).toBe(true);
  });
});

describe('rights', () => {
  it('are asked for at the opening, and a refusal is on record', async () => {
    bench.allowed = false;
    const console = bench.connect();
    await console.open(1, 'cam-1');
    await console.open(2, 'ap-1');
    expect(console.told).toEqual([
      { type: 'ended', tile: 1, reason: 'no-right', detail: 'no-grant' },
      { type: 'ended', tile: 2, reason: 'no-stream', detail: '' },
    ]);
    expect(bench.record).toEqual(['refused cam-1 video.live']);
  });

  it('end a tile before the next frame, without anybody telling', async () => {
    const console = bench.connect();
    await console.open(1, 'cam-1');
    bench.frame('cam-1', 0);
    bench.allowed = false;
    bench.version += 1;
    bench.frame('cam-1', 1);
    expect(console.frames(1)).toEqual([0]);
    expect(console.told.at(-1)).toEqual({ type: 'ended', tile: 1, reason: 'no-right', detail: 'no-grant' });
    expect(bench.views).toBe(0);
  });

  it('end several tiles at once: the room that one leaves does not go to another', async () => {
    const console = bench.connect();
    await console.open(1, 'cam-1');
    await console.open(2, 'cam-2');
    // The connection is full with the first camera; the second one's picture waits.
    for (let n = 0; n < 20; n++) bench.frame('cam-1', n, 100_000);
    bench.frame('cam-2', 0);
    expect(console.frames(2)).toEqual([]);
    bench.allowed = false;
    bench.version += 1;
    console.client.tick();
    expect(console.frames(2)).toEqual([]);
    expect(console.told.filter(({ type }) => type === 'ended')).toHaveLength(2);
    expect(bench.views).toBe(0);
  });

  it('to sound are rights of their own', async () => {
    const console = bench.connect();
    await console.open(1, 'cam-1', ['sound']);
    expect(console.told.at(-1)).toMatchObject({ type: 'ended', reason: 'no-right' });
    expect(bench.record).toEqual(['refused cam-1 video.audio']);
    bench.soundAllowed = true;
    bench.version += 1;
    await console.open(2, 'cam-1', ['sound']);
    await console.open(3, 'cam-silent', ['sound']);
    expect(console.told.slice(-2)).toEqual([
      { type: 'opened', tile: 2, track: 'sound' },
      { type: 'ended', tile: 3, reason: 'no-stream', detail: '' },
    ]);
  });

  it('of an ended session close the connection', async () => {
    const console = bench.connect();
    await console.open(1, 'cam-1');
    bench.alive = false;
    bench.version = Number.MAX_SAFE_INTEGER;
    bench.frame('cam-1', 0);
    expect(console.got).toEqual([]);
    expect(console.closed()).toBe(4401);
    expect(bench.views).toBe(0);
  });
});

describe('a slow console', () => {
  it('skips to keyframes while a quick one misses nothing', async () => {
    const quick = bench.connect();
    const slow = bench.connect();
    await quick.open(1, 'cam-1');
    await slow.open(1, 'cam-1');
    // 20 s at 8 Mbit/s; the slow one takes in a hundred kilobytes a second.
    for (let n = 0; n < 400; n++) {
      bench.steady += 50;
      bench.frame('cam-1', n, 50_000);
      quick.ackAll();
      if (n % 20 === 19) {
        const [next] = slow.got.filter(({ number }) => number > ackedBySlow);
        if (next) {
          ackedBySlow = Math.min(next.number + 1, slow.got.at(-1)?.number ?? 0);
          slow.say({ type: 'ack', upTo: [[1, ackedBySlow]] });
        }
      }
    }
    expect(quick.frames(1)).toEqual(Array.from({ length: 400 }, (_, n) => n));
    const seen = slow.frames(1);
    expect(seen.length).toBeLessThan(100);
    expect(slow.told.some(({ type }) => type === 'behind')).toBe(true);
    // Each frame leads on from the one before, or can be decoded alone.
    for (const [i, n] of seen.entries())
      expect(n === 0 || n % 20 === 0 || n === (seen[i - 1] ?? 0) + 1).toBe(true);
    expect(seen.at(-1)).toBeGreaterThan(300);
  });
  let ackedBySlow = 0;
  beforeEach(() => {
    ackedBySlow = 0;
  });

  it('shares what there is among its tiles', async () => {
    const slow = bench.connect();
    const cameras = Array.from({ length: 8 }, (_, i) => `cam-${i}`);
    for (const [i, cameraId] of cameras.entries()) await slow.open(i + 1, cameraId);
    let acked = 0;
    for (let n = 0; n < 400; n++) {
      bench.steady += 50;
      // One camera sends ten times as much as the others.
      for (const [i, cameraId] of cameras.entries()) bench.frame(cameraId, n, i === 0 ? 50_000 : 5_000);
      if (n % 2 === 0) {
        const upTo = slow.got.slice(acked, acked + 4);
        acked += upTo.length;
        const last = new Map(upTo.map(({ tile, number }) => [tile, number]));
        if (last.size > 0) slow.say({ type: 'ack', upTo: [...last] });
      }
    }
    const lately = (tile: number) => slow.frames(tile).filter((n) => n > 200).length;
    for (let tile = 2; tile <= 8; tile++) expect(lately(tile)).toBeGreaterThan(lately(1));
    expect(lately(1)).toBeGreaterThan(0);
  });

  it('that takes in nothing at all is let go', async () => {
    const dead = bench.connect();
    await dead.open(1, 'cam-1');
    for (let n = 0; n < 600; n++) {
      bench.steady += 50;
      bench.frame('cam-1', n, 50_000);
      if (n % 20 === 0) dead.client.pong();
      dead.client.tick();
    }
    expect(dead.closed()).toBe('terminated');
    expect(dead.got.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(2_000_000);
    expect(bench.views).toBe(0);
  });
});

describe('a console that does not keep the rules', () => {
  it('is let go', async () => {
    for (const [message, code] of [
      ['not json', 1008],
      ['{"type":"open","tile":1}', 1008],
      [' '.repeat(20_000), 1009],
    ] as const) {
      const console = bench.connect();
      console.say(message);
      expect(console.closed()).toBe(code);
    }
    const liar = bench.connect();
    await liar.open(1, 'cam-1');
    liar.say({ type: 'ack', upTo: [[1, 5]] });
    expect(liar.closed()).toBe(1008);
    const again = bench.connect();
    await again.open(5, 'cam-1');
    again.say({ type: 'open', tile: 5, cameraId: 'cam-1', tracks: ['main'] });
    expect(again.closed()).toBe(1008);
    expect(bench.views).toBe(0);
    const loud = bench.connect();
    for (let i = 0; i < 401; i++) loud.say({ type: 'ping', id: i });
    expect(loud.closed()).toBe(1008);
  });

  it('has no more than its tiles', async () => {
    const console = bench.connect();
    for (let tile = 1; tile <= 65; tile++) await console.open(tile, `cam-${tile}`);
    expect(console.told.at(-1)).toEqual({ type: 'ended', tile: 65, reason: 'too-many', detail: '64' });
    expect(console.client.tiles()).toBe(64);
  });

  it('is pinged, and let go when it does not answer or has nothing open', async () => {
    const mute = bench.connect();
    const idle = bench.connect();
    await mute.open(1, 'cam-1');
    for (let second = 0; second < 70; second++) {
      bench.steady += 1_000;
      mute.client.tick();
      idle.client.tick();
      idle.client.pong();
    }
    expect(mute.closed()).toBe('terminated');
    expect(mute.pings()).toBe(1);
    expect(idle.closed()).toBe(1000);
  });
});
