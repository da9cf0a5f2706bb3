import { expect, test } from 'vitest';
import { writeArchivePlaylist } from './archive-playlist.ts';
import { isListed, wanted, writeLivePlaylist } from './live-playlist.ts';
import { createLiveTail, LIVE_LIST_MS } from './live-tail.ts';
import { fill, init, START, span } from './playlist-test-footage.ts';

test('a playlist names whole segments, and parts only near the live edge', () => {
  const tail = createLiveTail();
  tail.begin(init('aa'), 0.22);
  const now = fill(tail, 100, 11, START, 3);
  const text = writeLivePlaylist('main', tail.view(now), false);
  expect(text).toContain('#EXT-X-MEDIA-SEQUENCE:100\n');
  expect(text.match(/#EXTINF:2\.00000,/g)).toHaveLength(10);
  expect(text.match(/#EXT-X-MAP/g)).toHaveLength(1);
  expect(text).not.toContain('part/main-104.9.m4s');
  expect(text).toContain('#EXT-X-PART:DURATION=0.20000,URI="part/main-105.0.m4s",INDEPENDENT=YES\n');
  expect(text.trimEnd().endsWith('#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part/main-110.3.m4s"')).toBe(true);
  expect(text).toContain('PART-HOLD-BACK=0.660,CAN-SKIP-UNTIL=24.0');
  expect(text).toContain(`#EXT-X-PROGRAM-DATE-TIME:${new Date(START).toISOString()}\n`);
});

test('a delta update leaves out what lies before the skip boundary', () => {
  const tail = createLiveTail();
  tail.begin(init('aa'), 0.22);
  const now = fill(tail, 100, 20, START);
  const full = writeLivePlaylist('main', tail.view(now), false);
  const delta = writeLivePlaylist('main', tail.view(now), true);
  // 40 s are listed, 24 s must stay.
  expect(delta).toContain('#EXT-X-SKIP:SKIPPED-SEGMENTS=8\n');
  expect(delta).toContain('#EXT-X-MEDIA-SEQUENCE:100\n');
  expect(delta).not.toContain('segment/main-107.m4s');
  expect(full.endsWith(delta.slice(delta.indexOf('segment/main-108.m4s')))).toBe(true);
});

test('a break is a discontinuity, counted when it rolls off', () => {
  const tail = createLiveTail();
  tail.begin(init('aa'), 0.22);
  const brokeAt = fill(tail, 100, 3, START);
  tail.begin(init('bb'), 0.22);
  const now = fill(tail, 103, 3, brokeAt + 5_000);
  const text = writeLivePlaylist('main', tail.view(now), false);
  expect(text.match(/^#EXT-X-DISCONTINUITY$/gm)).toHaveLength(1);
  expect(text).toContain('#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init/main-bb.mp4"');
  expect(text).toContain('#EXT-X-DISCONTINUITY-SEQUENCE:0\n');
  const later = tail.view(brokeAt + 5_000 + 2_000 + LIVE_LIST_MS + 1);
  expect(later.segments.map((segment) => segment.msn)).toEqual([104, 105]);
  expect(writeLivePlaylist('main', later, false)).toContain('#EXT-X-DISCONTINUITY-SEQUENCE:1\n');
  expect(tail.view(now + 3_600_000).segments).toEqual([]);
});

test('what a blocking request waits for, RFC 8216bis section 6.2.5.2', () => {
  const tail = createLiveTail();
  tail.begin(init('aa'), 0.22);
  const now = fill(tail, 100, 3, START, 4);
  const view = tail.view(now);
  const ask = (msn: number, part?: number) => isListed(view, { msn, part });
  expect(ask(101)).toBe(true);
  expect(ask(102)).toBe(false);
  expect(ask(102, 3)).toBe(true);
  expect(ask(102, 4)).toBe(false);
  // Beyond the last part of a whole segment: the first of the next.
  expect(ask(101, 10)).toBe(true);
  expect(ask(103, 0)).toBe(false);
  expect(() => ask(105)).toThrow(/too far/);
  expect(() => wanted({ part: 1 })).toThrow(/_HLS_msn/);
  expect(wanted({})).toBeUndefined();
});

test('whoever waits is woken by what he waits for, by time, or by his own leaving', async () => {
  const tail = createLiveTail();
  tail.begin(init('aa'), 0.22);
  const never = new AbortController().signal;
  const came = tail.waitFor(() => tail.find(100) !== undefined, 10_000, never);
  fill(tail, 100, 1, START);
  expect(await came).toBe(true);
  expect(await tail.waitFor(() => false, 10, never)).toBe(false);
  const leave = new AbortController();
  const left = tail.waitFor(() => false, 10_000, leave.signal);
  leave.abort();
  expect(await left).toBe(false);
  expect(tail.waiting()).toBe(0);
});

test('memory keeps only what the archive does not have, and the newest seconds', () => {
  const tail = createLiveTail();
  tail.begin(init('aa'), 0.22);
  const now = fill(tail, 100, 15, START);
  tail.stored(100);
  tail.view(now);
  const held = (msn: number) => tail.find(msn)?.parts.every((part) => part.bytes !== undefined);
  expect([held(100), held(101), held(114)]).toEqual([false, true, true]);
});

test('the archive is one run while files follow each other, and says so where they do not', () => {
  const text = writeArchivePlaylist(
    'main',
    [
      span(10, START, 'aa', 'hub-stopped'),
      span(12, START + 4_000, 'aa', null),
      span(14, START + 60_000, 'aa', 'stream-lost'),
      span(16, START + 64_000, 'bb', 'format'),
      // The clock was set back an hour: true times say so, order stays.
      span(18, START - 3_600_000, 'bb', 'clock'),
    ],
    START + 1_500,
  );
  expect(text.match(/^#EXT-X-DISCONTINUITY$/gm)).toHaveLength(3);
  expect(text.match(/^#EXT-X-MAP/gm)).toHaveLength(2);
  expect(text).toContain('#EXT-X-START:TIME-OFFSET=1.500,PRECISE=YES');
  expect(text).toContain(
    `#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:${new Date(START + 60_000).toISOString()}\n#EXTINF:2.00000,\nsegment/main-14.m4s\n`,
  );
  expect(text.endsWith('#EXT-X-ENDLIST\n')).toBe(true);
});
