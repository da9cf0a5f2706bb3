import { readFileSync } from 'node:fs';
import sparkplugPayload from 'sparkplug-payload';
import { z } from 'zod';
import type { DeviceKind } from '../../main/contract/device.ts';
import type { DialectName } from '../../main/contract/dialects.ts';
import type { Reading } from '../../main/health/dialects/dialect.ts';
import { createDialectBook } from '../../main/health/dialects/dialects.ts';
import { checkState } from '../../main/health/payloads.ts';

/** A message as a standard or a device gives it (`fixtures/dialects/`). */
export const sample = (name: string): Buffer =>
  readFileSync(new URL(`../../fixtures/dialects/${name}.payload`, import.meta.url));

/** Reads a message of a topic as the hub would. */
export function read(
  name: DialectName,
  topic: string,
  payload: Uint8Array,
  kind: DeviceKind = 'ap',
): Reading {
  const book = createDialectBook([{ name }], () => undefined);
  const foreign = book.parse(topic);
  const opened = foreign && book.open(foreign);
  if (!opened) throw new Error(`${topic} is no topic of ${name}`);
  return opened.dialect.read(opened.address, payload, kind);
}

export function findings(reading: Reading) {
  if (!reading.ok) throw new Error(`refused: ${reading.reason}`);
  return reading.findings;
}

/** What a sample tells of a device's state, as far as the canonical schema takes it. */
export function stateOf(reading: Reading, kind: DeviceKind) {
  const [first] = findings(reading);
  if (first?.kind !== 'state') throw new Error('no state');
  const checked = checkState(kind, { v: 1, id: 'x', session: 1, seq: 1, ts: first.at ?? 0, ...first.fields });
  if (!checked.ok) throw new Error(checked.reason);
  return checked.value.report;
}

const Plugged = z.record(
  z.string(),
  z.object({
    timestamp: z.number(),
    seq: z.number().optional(),
    metrics: z
      .array(z.object({ name: z.string(), timestamp: z.number(), dataType: z.string(), value: z.unknown() }))
      .optional(),
  }),
);
const plugged = Plugged.parse(JSON.parse(sample('sparkplug').toString()));

/** The specification's example as a node would send it, `bdSeq` set to `run` where it has one. */
export function sparkplugBytes(verb: string, run?: number): Uint8Array {
  const codec = sparkplugPayload.get('spBv1.0');
  const example = plugged[verb];
  if (!codec || !example) throw new Error('no such sample');
  const metrics = (example.metrics ?? []).map(({ dataType, name, value, timestamp }) => ({
    ...{ name, timestamp },
    type: z
      .enum(['UInt64', 'Int64', 'Boolean', 'String', 'Float'])
      .parse(dataType === 'Uint64' ? 'UInt64' : dataType),
    value: z
      .union([z.number(), z.boolean(), z.string()])
      .parse(name === 'bdSeq' && run !== undefined ? run : value),
  }));
  return codec.encodePayload({
    timestamp: example.timestamp,
    metrics,
    ...(example.seq === undefined ? {} : { seq: example.seq }),
  });
}
