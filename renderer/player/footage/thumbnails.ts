import { createFootageStore } from './footage-store.ts';
import { createKeyframes, type KeyframeRef } from './keyframes.ts';

export interface Thumbnail {
  readonly utc: number;
  readonly image: ImageBitmap;
}

export type Thumbnails = ReturnType<typeof createThumbnails>;

/** One question to the hub answers for this long a piece of time, ms. */
const LIST_MS = 60_000;
/** A picture stands for the time after it, up to the longest group of pictures, ms. */
const STANDS_FOR_MS = 12_000;
const WIDTH = 208;
const KEPT = 120;

/** Small pictures of one camera's moments, decoded here from single keyframes; the last ones are kept. */
export function createThumbnails(cameraId: string) {
  const keyframes = createKeyframes(cameraId, createFootageStore());
  const lists = new Map<number, readonly KeyframeRef[]>();
  const pictures = new Map<string, Thumbnail>();

  const refAt = (utc: number): KeyframeRef | undefined => {
    const list = lists.get(Math.floor(utc / LIST_MS));
    const before = list?.findLast((one) => one.utc <= utc);
    return before && utc - before.utc < STANDS_FOR_MS ? before : list?.find((one) => one.utc > utc);
  };

  return {
    /** The picture, when it is here already. */
    known(utc: number): Thumbnail | undefined {
      const ref = refAt(utc);
      return ref && pictures.get(ref.uri);
    },
    /** Null where there is none. @throws HubError, Error; the signal's reason */
    async at(utc: number, signal: AbortSignal): Promise<Thumbnail | null> {
      const minute = Math.floor(utc / LIST_MS);
      if (!lists.has(minute)) {
        const from = minute * LIST_MS;
        lists.set(minute, await keyframes.list(from, from + LIST_MS, 0, signal));
      }
      const ref = refAt(utc);
      if (!ref) return null;
      const known = pictures.get(ref.uri);
      if (known) return known;
      const full = await keyframes.picture(ref, signal);
      try {
        const image = await createImageBitmap(full.image, { resizeWidth: WIDTH, resizeQuality: 'medium' });
        const made = { utc: full.utc, image };
        pictures.set(ref.uri, made);
        for (const [oldest, one] of pictures) {
          if (pictures.size <= KEPT) break;
          one.image.close();
          pictures.delete(oldest);
        }
        return made;
      } finally {
        full.close();
      }
    },
    close(): void {
      keyframes.close();
      for (const { image } of pictures.values()) image.close();
      pictures.clear();
    },
  };
}
