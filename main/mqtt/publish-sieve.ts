/** One PUBLISH packet (MQTT 3.1.1 section 3.3, MQTT 5 section 3.3). */
export interface PublishFrame {
  topic: string;
  /** Part of the bytes received: to be copied by whoever keeps it beyond the call. */
  payload: Buffer;
  qos: 0 | 1;
  retain: boolean;
  /** 0 with QoS 0. */
  packetId: number;
}

export interface PublishSieve {
  /** Takes the next bytes of the connection. @throws Error when they are no MQTT */
  push(chunk: Buffer): void;
}

const PUBLISH = 3;
/** A remaining length of more than four bytes is malformed (MQTT 3.1.1 section 2.2.3). */
const LENGTH_BYTES = 4;

/**
 * Takes the PUBLISH packets of QoS 0 and 1 out of what a broker sends and leaves everything else, byte by byte, to the library that
 * speaks the protocol: a city's reports are read with a few operations each, where a general parser makes streams,
 * packets and callbacks of them. Of a payload longer than `payloadLimit` only the first bytes, one more than the limit,
 * are kept: enough to see that it is too long.
 */
export function createPublishSieve(options: {
  /** 5 puts properties before the payload. */
  version: 4 | 5;
  payloadLimit: number;
  publish(frame: PublishFrame): void;
  /** All other packets. */
  rest(bytes: Buffer): void;
}): PublishSieve {
  const { version, payloadLimit, publish, rest } = options;
  let kept: Buffer | undefined;
  /** Bytes still to come of a packet whose beginning was handed over already. */
  let passing = 0;
  let skipping = false;

  /** @returns where the next packet begins; undefined while this one is not there in full */
  function one(bytes: Buffer, start: number): number | undefined {
    let at = start + 1;
    let length = 0;
    for (let i = 0; ; i++) {
      if (i === LENGTH_BYTES) throw new Error('a packet with a malformed length');
      const byte = bytes[at];
      if (byte === undefined) return undefined;
      at += 1;
      length += (byte & 0x7f) * 128 ** i;
      if (byte < 0x80) break;
    }
    const head = bytes[start] ?? 0;
    const end = at + length;
    const qos = (head >> 1) & 3;
    // Nothing is subscribed with QoS 2: whatever it may be, the library knows what to say.
    if (head >> 4 !== PUBLISH || qos > 1) {
      const have = Math.min(end, bytes.length);
      rest(bytes.subarray(start, have));
      passing = end - have;
      skipping = false;
      return have;
    }
    let body = at + 2;
    if (bytes.length < body) return undefined;
    const topicEnd = body + bytes.readUInt16BE(at);
    body = topicEnd + (qos > 0 ? 2 : 0);
    if (body > end) throw new Error('a packet shorter than its topic');
    if (bytes.length < Math.min(body + LENGTH_BYTES, end)) return undefined;
    const packetId = qos > 0 ? bytes.readUInt16BE(topicEnd) : 0;
    if (version === 5) body = afterProperties(bytes, body, end);
    const shown = Math.min(end, body + payloadLimit + 1);
    if (bytes.length < shown) return undefined;
    publish({
      topic: bytes.toString('utf8', at + 2, topicEnd),
      payload: bytes.subarray(body, shown),
      qos: qos === 0 ? 0 : 1,
      retain: (head & 1) === 1,
      packetId,
    });
    const have = Math.min(end, bytes.length);
    passing = end - have;
    skipping = true;
    return have;
  }

  return {
    push(chunk) {
      let bytes = chunk;
      if (passing > 0) {
        const more = Math.min(passing, bytes.length);
        if (!skipping) rest(bytes.subarray(0, more));
        passing -= more;
        bytes = bytes.subarray(more);
      }
      if (kept) {
        bytes = Buffer.concat([kept, bytes]);
        kept = undefined;
      }
      let at = 0;
      while (at < bytes.length) {
        const next = one(bytes, at);
        if (next === undefined) {
          // A copy: a few bytes must not keep all that came with them.
          kept = Buffer.from(bytes.subarray(at));
          return;
        }
        at = next;
      }
    },
  };
}

/** Where the payload begins: behind the properties' length and the properties (MQTT 5 section 2.2.2). */
function afterProperties(bytes: Buffer, start: number, end: number): number {
  let length = 0;
  for (let i = 0; i < LENGTH_BYTES; i++) {
    const byte = bytes[start + i] ?? 0;
    length += (byte & 0x7f) * 128 ** i;
    if (byte >= 0x80) continue;
    const after = start + i + 1 + length;
    if (after > end) break;
    return after;
  }
  throw new Error('a packet with malformed properties');
}
