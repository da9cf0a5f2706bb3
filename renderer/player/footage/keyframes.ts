import { KeyframeIndex } from '../../../main/contract/video.ts';
import { hubBytes, hubFetch, hubGet, queryString } from '../../hub/client.ts';
import type { FootageStore } from './footage-store.ts';
import { canDecode, createPictureDecoder, type Picture } from './picture-decoder.ts';

/** A keyframe that can be fetched. */
export interface KeyframeRef {
  readonly utc: number;
  readonly uri: string;
  readonly init: string;
}

/** Keyframes of one camera as pictures: by WebCodecs, or as JPEGs of the hub where the browser has none. */
export function createKeyframes(cameraId: string, store: FootageStore) {
  const base = `/api/video/${encodeURIComponent(cameraId)}`;
  const decoder = canDecode() ? createPictureDecoder() : undefined;

  async function snapshot(utc: number, signal: AbortSignal): Promise<Picture> {
    const response = await hubFetch(`${base}/snapshot${queryString({ at: Math.ceil(utc) })}`, {}, signal);
    const image = await createImageBitmap(await response.blob());
    return { utc, image, width: image.width, height: image.height, close: () => image.close() };
  }

  return {
    /** @throws HubError; the signal's reason */
    async list(from: number, to: number, stepMs: number, signal: AbortSignal): Promise<KeyframeRef[]> {
      const range = { from: Math.max(0, Math.floor(from)), to: Math.ceil(to), stepMs: Math.round(stepMs) };
      const index = await hubGet(`${base}/keyframes${queryString(range)}`, KeyframeIndex, signal);
      return index.keyframes.map(({ utc, uri, init }) => ({
        ...{ utc, uri: `${base}/${uri}`, init: `${base}/${init}` },
      }));
    },
    /** @throws HubError, Error; the signal's reason */
    async picture({ utc, uri, init }: KeyframeRef, signal: AbortSignal): Promise<Picture> {
      if (!decoder) return snapshot(utc, signal);
      const [format, bytes] = await Promise.all([store.init(init), hubBytes(uri, signal)]);
      signal.throwIfAborted();
      return decoder.decode(new Uint8Array(bytes), format, utc);
    },
    close: () => decoder?.close(),
  };
}

export type Keyframes = ReturnType<typeof createKeyframes>;
