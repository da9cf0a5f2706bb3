const CONNECT = 0x10;
/** The packet type, in the upper half of the first byte. */
const TYPE = 0xf0;
const PUBLISH = 0x30;

/**
 * Follows the lengths of MQTT frames (MQTT 3.1.1 section 2.2.3) through the bytes of one connection, without
 * keeping any, so that a frame announced longer than allowed ends the connection before it fills memory.
 */
export interface FrameGuard {
  /** False: a frame is too long, its length is malformed or the first is no CONNECT; end the connection. */
  admit(chunk: Uint8Array): boolean;
  /** Frames other than PUBLISH that began in the chunk admitted last. */
  readonly control: number;
}

/** @param firstLimitBytes of CONNECT, which comes from somebody not yet known */
export function createFrameGuard(limitBytes: number, firstLimitBytes = limitBytes): FrameGuard {
  // Bytes still to skip of the frame's body; -1 while its fixed header is being read.
  let body = -1;
  let lengthBytes = 0;
  let length = 0;
  let typeSeen = false;
  let first = true;
  let control = 0;
  return {
    get control() {
      return control;
    },
    admit(chunk) {
      let at = 0;
      control = 0;
      while (at < chunk.length) {
        if (body >= 0) {
          const skipped = Math.min(body, chunk.length - at);
          at += skipped;
          body -= skipped;
          if (body === 0) body = -1;
          continue;
        }
        const byte = chunk[at++] ?? 0;
        if (!typeSeen) {
          if (first && byte !== CONNECT) return false;
          if ((byte & TYPE) !== PUBLISH) control += 1;
          typeSeen = true;
          lengthBytes = 0;
          length = 0;
          continue;
        }
        length += (byte & 0x7f) * 128 ** lengthBytes;
        lengthBytes += 1;
        if (length > (first ? firstLimitBytes : limitBytes)) return false;
        if (byte & 0x80) {
          if (lengthBytes === 4) return false;
          continue;
        }
        typeSeen = false;
        first = false;
        body = length === 0 ? -1 : length;
      }
      return true;
    },
  };
}
