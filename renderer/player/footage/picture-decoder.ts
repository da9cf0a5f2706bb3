import { readFrames } from './fmp4.ts';
import type { LoadedInit } from './footage-store.ts';

/** Something to draw, of a known time; must be closed after use. */
export interface Picture {
  readonly utc: number;
  readonly image: VideoFrame | ImageBitmap;
  readonly width: number;
  readonly height: number;
  close(): void;
}

/** Needs a secure page (this computer, or TLS). */
export const canDecode = (): boolean => 'VideoDecoder' in globalThis;

/** Decodes single keyframes, one after the other, by WebCodecs. */
export function createPictureDecoder() {
  let decoder: VideoDecoder | undefined;
  let configured: LoadedInit | undefined;
  let waiting: { resolve: (frame: VideoFrame) => void; reject: (error: unknown) => void } | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  let closed = false;

  const open = (): VideoDecoder => {
    if (decoder && decoder.state !== 'closed') return decoder;
    configured = undefined;
    decoder = new VideoDecoder({
      output(frame) {
        if (waiting) waiting.resolve(frame);
        else frame.close();
        waiting = undefined;
      },
      error(error) {
        waiting?.reject(error);
        waiting = undefined;
      },
    });
    return decoder;
  };

  async function decodeNow(bytes: Uint8Array, init: LoadedInit, utc: number): Promise<Picture> {
    if (closed) throw new DOMException('closed', 'AbortError');
    const target = open();
    if (configured !== init) {
      target.configure({ codec: init.codec, description: init.description, optimizeForLatency: true });
      configured = init;
    }
    const [first] = readFrames(bytes).frames;
    if (!first) throw new Error('a keyframe without a frame');
    const shown = new Promise<VideoFrame>((resolve, reject) => {
      waiting = { resolve, reject };
    });
    // A rejection before it is awaited below must not count as nobody's.
    shown.catch(() => undefined);
    target.decode(
      new EncodedVideoChunk({
        type: 'key',
        timestamp: Math.round(utc * 1000),
        data: bytes.subarray(first.start, first.end),
      }),
    );
    await target.flush();
    waiting?.reject(new Error('the decoder gave no picture'));
    waiting = undefined;
    const frame = await shown;
    return {
      ...{ utc, image: frame, width: frame.displayWidth, height: frame.displayHeight },
      close: () => frame.close(),
    };
  }

  return {
    /** @throws Error, DOMException when it cannot be decoded */
    decode(bytes: Uint8Array, init: LoadedInit, utc: number): Promise<Picture> {
      const next = queue.then(() => decodeNow(bytes, init, utc));
      queue = next.catch(() => undefined);
      return next;
    },
    close(): void {
      closed = true;
      if (decoder && decoder.state !== 'closed') decoder.close();
    },
  };
}

export type PictureDecoder = ReturnType<typeof createPictureDecoder>;
