import { boxAt, MalformedMp4 } from '../recording/mp4-boxes.ts';

/** No box of a camera is larger: a 4K keyframe at the highest quality has a few megabytes. */
const MAX_BOX_BYTES = 32 * 1024 * 1024;

export interface Fmp4Sink {
  /** `ftyp` and `moov`. */
  init(bytes: Buffer): void;
  /** One `moof` with its `mdat`; `moofBytes` is the length of the first. */
  fragment(bytes: Buffer, moofBytes: number): void;
}

/**
 * Cuts a byte stream of fragmented MP4 into its init segment and fragments. Holds at most one fragment.
 * Boxes that mean nothing here (`styp`, `sidx`, `free`, `mfra`) are dropped.
 * @throws MalformedMp4 from `push`, after which the reader is of no more use
 */
export function createFmp4Reader(sink: Fmp4Sink): { push(chunk: Buffer): void } {
  const chunks: Buffer[] = [];
  let have = 0;
  let need = 8;
  let ftyp: Buffer | undefined;
  let moof: Buffer | undefined;

  function take(): Buffer {
    const all = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, have);
    chunks.length = 0;
    return all;
  }

  function dispatch(type: string, box: Buffer): void {
    switch (type) {
      case 'ftyp':
        ftyp = Buffer.from(box);
        return;
      case 'moov':
        if (!ftyp) throw new MalformedMp4('a moov without ftyp before it');
        sink.init(Buffer.concat([ftyp, box]));
        return;
      case 'moof':
        moof = Buffer.from(box);
        return;
      case 'mdat':
        if (!moof) return;
        sink.fragment(Buffer.concat([moof, box]), moof.length);
        moof = undefined;
        return;
    }
  }

  return {
    push(chunk) {
      chunks.push(chunk);
      have += chunk.length;
      while (have >= need) {
        const bytes = take();
        let at = 0;
        need = 8;
        for (;;) {
          const box = boxAt(bytes, at);
          if (!box) {
            need = bytes.length - at < 8 ? 8 : 16;
            break;
          }
          const size = box.end - box.start;
          if (size > MAX_BOX_BYTES) throw new MalformedMp4(`a ${box.type} of ${size} bytes`);
          if (box.end > bytes.length) {
            need = size;
            break;
          }
          dispatch(box.type, bytes.subarray(box.start, box.end));
          at = box.end;
        }
        const rest = bytes.subarray(at);
        have = rest.length;
        if (have > 0) chunks.push(rest);
      }
    },
  };
}
