import HLS from 'hls-parser';
import { Parser } from 'm3u8-parser';
import { describe, expect, it } from 'vitest';
import { writeArchivePlaylist } from './archive-playlist.ts';
import { writeLivePlaylist } from './live-playlist.ts';
import { createLiveTail } from './live-tail.ts';
import { writeMultivariant } from './multivariant.ts';
import { fill, init, START, span } from './playlist-test-footage.ts';

/** The reader of video.js: what it warns of counts as a mistake of ours. */
function readByVideoJs(text: string) {
  const parser = new Parser();
  const complaints: string[] = [];
  for (const event of ['warn', 'error'] as const)
    parser.on(event, ({ message }) => void complaints.push(message));
  parser.push(text);
  parser.end();
  return { manifest: parser.manifest, complaints };
}

function live(delta: boolean): string {
  const tail = createLiveTail();
  tail.begin(init('aa'), 0.22, 7);
  const broke = fill(tail, 100, 10, START);
  tail.begin(init('bb'), 0.22, 8);
  const now = fill(tail, 110, 9, broke + 3_000, 4);
  return writeLivePlaylist('main', tail.view(now), delta);
}

describe('playlists as others read them', () => {
  it('the live one, with parts, hint, server control and true times', () => {
    const { manifest, complaints } = readByVideoJs(live(false));
    expect(complaints).toEqual([]);
    expect(manifest).toMatchObject({
      mediaSequence: 100,
      targetDuration: expect.any(Number),
      partTargetDuration: 0.22,
    });
    expect(manifest.serverControl).toMatchObject({ canBlockReload: true });
    const whole = manifest.segments.filter((segment) => segment.uri !== undefined);
    expect(whole.map((segment) => segment.uri)).toEqual(
      Array.from({ length: 18 }, (_, i) => `segment/main-${100 + i}.m4s`),
    );
    expect(whole.findIndex((segment) => segment.discontinuity)).toBe(10);
    expect(whole[10]?.map?.uri).toBe('init/main-bb.mp4');
    expect(whole[0]?.dateTimeObject?.getTime()).toBe(START);
    expect(manifest.preloadSegment?.parts?.length).toBe(4);

    const other = HLS.parse(live(false));
    if (other.isMasterPlaylist || !('segments' in other))
      throw new Error('taken for a multivariant playlist');
    expect(other.mediaSequenceBase).toBe(100);
    expect(other.lowLatencyCompatibility).toMatchObject({ canBlockReload: true });
    const parts = other.segments.flatMap((segment) => segment.parts);
    expect(parts.some((part) => part.hint)).toBe(true);
    expect(parts.filter((part) => part.independent).length).toBeGreaterThan(1);
  });

  it('a delta update names what it leaves out', () => {
    const { manifest, complaints } = readByVideoJs(live(true));
    expect(complaints).toEqual([]);
    const skipped = manifest.skip?.skippedSegments ?? 0;
    expect(skipped).toBeGreaterThan(0);
    expect(manifest.segments[0]?.uri).toBe(`segment/main-${100 + skipped}.m4s`);
  });

  it('the archive with a gap, another format and a clock that was set back', () => {
    const text = writeArchivePlaylist(
      'second',
      [
        span(10, START, 'aa', 'hub-stopped'),
        span(12, START + 60_000, 'aa', 'stream-lost'),
        span(14, START - 3_600_000, 'bb', 'clock'),
      ],
      START,
    );
    const { manifest, complaints } = readByVideoJs(text);
    expect(complaints).toEqual([]);
    expect(manifest.endList).toBe(true);
    const times = [0, 2_000, 60_000, 62_000, -3_600_000, -3_598_000].map((offset) => START + offset);
    expect(manifest.segments.map((segment) => segment.dateTimeObject?.getTime())).toEqual(times);
    expect(manifest.segments.map((segment) => segment.discontinuity ?? false)).toEqual([
      ...[false, false, true, false, true, false],
    ]);
    const other = HLS.parse(text);
    if (other.isMasterPlaylist || !('segments' in other))
      throw new Error('taken for a multivariant playlist');
    expect(other.playlistType).toBe('VOD');
    expect(other.segments.map((segment) => segment.programDateTime?.getTime())).toEqual(times);
  });

  it('the choice of streams, sound never by itself', () => {
    const variant = { codec: 'avc1.64001f', width: 1280, height: 720, fps: 20, bitrateKbps: 1_500 };
    const text = writeMultivariant(
      [
        { uri: 'live-main.m3u8', ...variant },
        { uri: 'live-second.m3u8', ...variant, width: 640, height: 360, bitrateKbps: 300 },
      ],
      { uri: 'live-sound.m3u8', codec: 'mp4a.40.2', bitrateKbps: 64 },
    );
    const { manifest, complaints } = readByVideoJs(text);
    expect(complaints).toEqual([]);
    expect(manifest.playlists?.map(({ uri }) => uri)).toEqual(['live-main.m3u8', 'live-second.m3u8']);
    const other = HLS.parse(text);
    if (!('variants' in other)) throw new Error('not taken for a multivariant playlist');
    expect(other.variants.map(({ codecs, resolution }) => [codecs, resolution?.width])).toEqual([
      ['avc1.64001f,mp4a.40.2', 1280],
      ['avc1.64001f,mp4a.40.2', 640],
    ]);
    expect(other.variants[0]?.audio).toMatchObject([
      { uri: 'live-sound.m3u8', isDefault: false, autoselect: false },
    ]);
  });
});
