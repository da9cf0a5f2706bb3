/**
 * Leaves of a Sparkplug payload only what this hub reads, before the published decoder sees the bytes: it decodes
 * every nested template twice, so that its work doubles with each level and some 300 bytes could stop the hub.
 * Wire format: protobuf, "Encoding"; fields: `sparkplug_b.proto`.
 */

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

const PAYLOAD_METRICS = 2;
/** timestamp and seq. */
const PAYLOAD_KEPT = new Set([1, 3]);
/** name, alias, timestamp, datatype, is_historical, is_transient, is_null and the plain values (10 to 15). */
const METRIC_KEPT = new Set([1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15]);
const METRIC_DATATYPE = 4;
/** Int8 to UUID, without DataSet and what comes after it (`DataType`). */
const LAST_PLAIN_DATATYPE = 15;

interface Field {
  number: number;
  /** Where the whole field is, tag included, and where its content. */
  from: number;
  content: number;
  to: number;
  value: number;
}

/** The payload without data sets, templates, property sets, files and bodies. Undefined: no protobuf. */
export function withoutNesting(payload: Uint8Array): Uint8Array | undefined {
  const kept: Uint8Array[] = [];
  const sound = walk(payload, 0, payload.length, (field) => {
    if (PAYLOAD_KEPT.has(field.number)) kept.push(payload.subarray(field.from, field.to));
    if (field.number !== PAYLOAD_METRICS) return true;
    const metric = plainMetric(payload, field);
    if (metric === undefined) return false;
    kept.push(...metric);
    return true;
  });
  return sound ? Buffer.concat(kept) : undefined;
}

/** The metric's field anew, without what is dropped; empty when its value is no plain one. */
function plainMetric(payload: Uint8Array, metric: Field): Uint8Array[] | undefined {
  const kept: Uint8Array[] = [];
  let length = 0;
  let plain = true;
  const sound = walk(payload, metric.content, metric.to, (field) => {
    if (field.number === METRIC_DATATYPE && field.value > LAST_PLAIN_DATATYPE) plain = false;
    if (!METRIC_KEPT.has(field.number)) return true;
    kept.push(payload.subarray(field.from, field.to));
    length += field.to - field.from;
    return true;
  });
  if (!sound) return undefined;
  return plain ? [tagOf(PAYLOAD_METRICS, length), ...kept] : [];
}

function tagOf(number: number, length: number): Uint8Array {
  const bytes = [(number << 3) | BYTES];
  let rest = length;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

/** Calls `each` for every field; false when the bytes are no protobuf or `each` says so. */
function walk(bytes: Uint8Array, from: number, to: number, each: (field: Field) => boolean): boolean {
  let at = from;
  while (at < to) {
    const start = at;
    const tag = varint(bytes, at, to);
    if (!tag) return false;
    at = tag.next;
    const number = Math.floor(tag.value / 8);
    if (number === 0) return false;
    let content = at;
    let value = 0;
    switch (tag.value & 7) {
      case VARINT: {
        const read = varint(bytes, at, to);
        if (!read) return false;
        ({ value, next: at } = read);
        break;
      }
      case FIXED64:
        at += 8;
        break;
      case FIXED32:
        at += 4;
        break;
      case BYTES: {
        const length = varint(bytes, at, to);
        if (!length) return false;
        content = length.next;
        at = content + length.value;
        break;
      }
      default:
        return false;
    }
    if (at > to || !each({ number, from: start, content, to: at, value })) return false;
  }
  return true;
}

/** Values beyond 53 bits lose their last digits, which nobody here looks at. */
function varint(bytes: Uint8Array, from: number, to: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let index = 0; index < 10; index++) {
    if (from + index >= to) return undefined;
    const byte = bytes[from + index] ?? 0;
    value += (byte & 0x7f) * 128 ** index;
    if (byte < 0x80) return { value, next: from + index + 1 };
  }
  return undefined;
}
