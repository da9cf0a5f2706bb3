import { describe, expect, it } from 'vitest';
import { createFootageIndex } from './footage-index.ts';
import { parsePlaylist, type Segment, segmentEnd } from './playlist.ts';

const T = Date.parse('2026-11-22T09:00:00Z');

/** Two seconds each, named by their number. */
const footage = (from: number, to: number): Segment[] =>
  Array.from({ length: Math.floor((to - from) / 2000) }, (_, i) => ({
    uri: `/s/${from + i * 2000}`,
    init: '/init',
    utc: from + i * 2000,
    ms: 2000,
  }));

describe('playlist of recorded footage', () => {
  it('tells the time, the length and the init segment of each segment', () => {
    const text = [
      '#EXTM3U',
      '#EXT-X-MAP:URI="init/a.mp4"',
      '#EXT-X-PROGRAM-DATE-TIME:2026-11-22T09:00:00.000Z',
      '#EXTINF:2.50000,',
      'segment/1.m4s',
      '#EXTINF:2.00000,',
      'segment/2.m4s',
      '#EXT-X-DISCONTINUITY',
      '#EXT-X-MAP:URI="init/b.mp4"',
      '#EXT-X-PROGRAM-DATE-TIME:2026-11-22T09:05:00.000Z',
      '#EXTINF:1.00000,',
      'segment/7.m4s',
      '#EXT-X-ENDLIST',
      '',
    ].join('\n');
    const base = '/api/video/c/archive-view.m3u8';
    expect(parsePlaylist(text, base)).toEqual([
      { uri: '/api/video/c/segment/1.m4s', init: '/api/video/c/init/a.mp4', utc: T, ms: 2500 },
      { uri: '/api/video/c/segment/2.m4s', init: '/api/video/c/init/a.mp4', utc: T + 2500, ms: 2000 },
      { uri: '/api/video/c/segment/7.m4s', init: '/api/video/c/init/b.mp4', utc: T + 300_000, ms: 1000 },
    ]);
    expect(() => parsePlaylist('#EXTM3U\n#EXTINF:2,\nsegment/1.m4s\n', base)).toThrow('without times');
  });
});

describe('index of footage', () => {
  const recorder = (recorded: readonly Segment[], now = T + 86_400_000) => {
    const asked: { from: number; to: number }[] = [];
    const index = createFootageIndex({
      now: () => now,
      load: async (from, to) => {
        asked.push({ from, to });
        return recorded.filter((one) => one.utc < to && segmentEnd(one) > from);
      },
    });
    return { index, asked };
  };

  it('goes on hour by hour without asking twice and without losing a segment at the seam', async () => {
    const recorded = footage(T, T + 3 * 3_600_000);
    const { index, asked } = recorder(recorded);
    const seen = new Set<string>();
    for (let utc = T + 5_000; utc < T + 2 * 3_600_000; utc += 1_000) {
      await index.ensure(utc);
      const segment = index.at(utc);
      expect(segment && utc - segment.utc).toBeLessThan(2000);
      seen.add(segment?.uri ?? '');
    }
    const played = recorded.filter((one) => one.utc >= T + 4_000 && one.utc < T + 7_200_000);
    expect([...seen]).toEqual(played.map((one) => one.uri));
    expect(asked.length).toBe(3);
    for (const { from, to } of asked) expect(to - from).toBeLessThanOrEqual(3_600_000);
    for (const [i, { from }] of asked.entries()) if (i > 0) expect(from).toBe(asked[i - 1]?.to);
  });

  it('finds what follows and what precedes a gap', async () => {
    const { index } = recorder([...footage(T, T + 20_000), ...footage(T + 60_000, T + 80_000)]);
    await index.ensure(T + 30_000);
    expect(index.at(T + 30_000)).toBeUndefined();
    expect(index.after(T + 30_000)?.utc).toBe(T + 60_000);
    expect(index.before(T + 30_000)?.utc).toBe(T + 18_000);
    expect(index.knows(T + 30_000)).toBe(true);
  });

  it('takes the end of what is there so far for an end that may move', async () => {
    const now = T + 30_000;
    const recorded = footage(T, T + 20_000);
    const { index, asked } = recorder(recorded, now);
    await index.ensure(T + 10_000);
    expect(index.knows(T + 19_999)).toBe(true);
    expect(index.knows(T + 21_000)).toBe(false);
    await index.ensure(T + 21_000);
    expect(index.ended(T + 21_000)).toBe(true);
    const before = asked.length;
    await index.ensure(T + 21_000);
    expect(asked.length).toBe(before);
  });

  it('asks again without what lies before the place when only that is too deep', async () => {
    const refusal = Object.assign(new Error('too deep'), { status: 403 });
    const index = createFootageIndex({
      now: () => T + 86_400_000,
      load: async (from, to) => {
        if (from < T + 10_000) throw refusal;
        return footage(T, T + 60_000).filter((one) => one.utc < to && segmentEnd(one) > from);
      },
    });
    await index.ensure(T + 12_000);
    expect(index.at(T + 12_000)?.utc).toBe(T + 12_000);
    await expect(index.ensure(T + 5_000)).rejects.toBe(refusal);
  });
});
