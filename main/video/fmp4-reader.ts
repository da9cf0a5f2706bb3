import { boxAt, MalformedMp4 } from '../recording/mp4-boxes.ts';

/** No box of a camera is larger: a 4K keyframe at the highest quality has a few megabytes. */
const MAX_BOX_BYTES = 32 * 1024 * 1024;
/** A rest that grew larger than this gives its memory back once it is used up. */
const KEPT_REST_BYTES = 256 * 1024;

export interface Fmp4Sink {
  /** `ftyp` and `moov`. */
  init(bytes: Buffer): void;
  /**
   * One `moof` with its `mdat`; `moofBytes` is the length of the first. The bytes are the reader's own: they may be
   * changed, and are gone when the call ends.
   */
  fragment(bytes: Buffer, moofBytes: number): void;
}

/**
 * Cuts a byte stream of fragmented MP4 into its init segment and fragments, where they lie: what is whole in what
 * was pushed is not copied. Holds at most one fragment. Boxes that mean nothing here (`styp`, `sidx`, `free`,
 * `mfra`) are dropped.
 * @throws MalformedMp4 from `push`, after which the reader is of no more use
 */
export function createFmp4Reader(sink: Fmp4Sink): { push(chunk: Buffer): void } {
  /** The beginning of what is not whole yet. */
  let rest: Buffer = Buffer.alloc(0);
  let have = 0;
  /** Bytes that must be there before looking again is of use. */
  let need = 8;
  let ftyp: Buffer | undefined;

  function keep(bytes: Buffer): void {
    const wanted = have + bytes.length;
    if (wanted > rest.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(wanted, need, 4_096));
      rest.copy(larger, 0, 0, have);
      rest = larger;
    }
    bytes.copy(rest, have);
    have = wanted;
  }

  /** Handles all that is whole. @returns where what is not whole begins */
  function cut(bytes: Buffer): number {
    let at = 0;
    for (;;) {
      const box = boxAt(bytes, at);
      if (!box) {
        need = bytes.length - at < 8 ? 8 : 16;
        return at;
      }
      const size = sizeOf(box);
      let { end } = box;
      if (box.type === 'moof' && end <= bytes.length) {
        const data = boxAt(bytes, end);
        if (!data) {
          need = size + (bytes.length - end < 8 ? 8 : 16);
          return at;
        }
        // Whatever follows a `moof`, only an `mdat` makes it a fragment.
        if (data.type === 'mdat') {
          end = data.start + sizeOf(data);
          if (end <= bytes.length) sink.fragment(bytes.subarray(at, end), size);
        }
      } else if (end <= bytes.length) header(box.type, bytes.subarray(at, end));
      if (end > bytes.length) {
        need = end - at;
        return at;
      }
      at = end;
    }
  }

  function header(type: string, box: Buffer): void {
    if (type === 'ftyp') ftyp = Buffer.from(box);
    if (type !== 'moov') return;
    if (!ftyp) throw new MalformedMp4('a moov without ftyp before it');
    sink.init(Buffer.concat([ftyp, box]));
  }

  return {
    push(chunk) {
      if (have === 0) {
        keep(chunk.subarray(cut(chunk)));
        return;
      }
      keep(chunk);
      if (have < need) return;
      const used = cut(rest.subarray(0, have));
      rest.copyWithin(0, used, have);
      have -= used;
      if (have === 0 && rest.length > KEPT_REST_BYTES) rest = Buffer.alloc(0);
    },
  };
}

function sizeOf(box: { type: string; start: number; end: number }): number {
  const size = box.end - box.start;
  if (size > MAX_BOX_BYTES) throw new MalformedMp4(`a ${box.type} of ${size} bytes`);
  return size;
}
