import { hubBytes } from '../../hub/client.ts';
import { readFrames, readInit, type SegmentFrames, type TrackInit } from './fmp4.ts';
import type { Segment } from './playlist.ts';

export interface LoadedSegment extends SegmentFrames {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface LoadedInit extends TrackInit {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Segments kept after use: seeks and frame steps near the picture ask for nothing, bytes. */
const KEPT_BYTES = 24 * 1024 * 1024;

/** Bytes of footage by their names, which never change their meaning. */
export type FootageStore = ReturnType<typeof createFootageStore>;

export function createFootageStore() {
  const inits = new Map<string, Promise<LoadedInit>>();
  const kept = new Map<string, LoadedSegment>();
  let size = 0;

  const keep = (uri: string, segment: LoadedSegment) => {
    if (!kept.has(uri)) size += segment.bytes.length;
    kept.delete(uri);
    kept.set(uri, segment);
    for (const [oldest, one] of kept) {
      if (size <= KEPT_BYTES || oldest === uri) break;
      kept.delete(oldest);
      size -= one.bytes.length;
    }
  };

  return {
    /** @throws HubError, Error when it is no init segment */
    init(uri: string): Promise<LoadedInit> {
      const known = inits.get(uri);
      if (known) return known;
      const loading = hubBytes(uri).then((buffer) => {
        const bytes = new Uint8Array(buffer);
        return { bytes, ...readInit(bytes) };
      });
      inits.set(uri, loading);
      loading.catch(() => inits.delete(uri));
      return loading;
    },
    /** @throws HubError, Error when it is no segment; the signal's reason */
    async segment({ uri }: Segment, signal: AbortSignal): Promise<LoadedSegment> {
      const known = kept.get(uri);
      if (known) {
        keep(uri, known);
        return known;
      }
      const bytes = new Uint8Array(await hubBytes(uri, signal));
      const loaded = { bytes, ...readFrames(bytes) };
      keep(uri, loaded);
      return loaded;
    },
  };
}
