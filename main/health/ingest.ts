import type { DeviceRegistry } from '../devices/types.ts';
import { type DeviceTopic, shardOf } from '../mqtt/topics.ts';
import type { ForeignTopic, InboundMessage, MessageTopic } from '../mqtt/types.ts';
import { type Columns, DEFAULT_HEARTBEAT_MS, NO_HEARTBEAT_MS } from './columns.ts';
import type { Applier } from './dialects/applier.ts';
import type { DialectBook } from './dialects/dialects.ts';
import { BAD_OTHER, BAD_STATE, BAD_STATUS } from './evidence.ts';
import { type Parsed, parseAck, parseEvent, parseState, parseStatus } from './payloads.ts';
import type { EventRow } from './store.ts';
import type { Receipt, Tracker } from './tracker.ts';

export interface IngestOptions {
  city: string;
  devices: Pick<DeviceRegistry, 'get'>;
  columns: Columns;
  tracker: Tracker;
  /** The dialects in use, and who applies what they say. */
  book: DialectBook;
  applier: Applier;
  /** A broken message of a device that we know. */
  quarantine(num: number, reason: string, payload: Buffer, at: number): void;
  /** A message of no device that we know. */
  stranger(reason: string): void;
  event(row: EventRow): void;
  /** Whether another message of this device is within its rate. */
  admits(num: number): boolean;
}

export interface Ingest {
  knows(topic: MessageTopic): boolean;
  /** Counts a message that is one too many. What tells of life and death is never one. */
  floods(topic: MessageTopic, payload: Buffer, rxAt: number): boolean;
  /** Takes one message into account, whatever is in it. */
  take(message: InboundMessage): void;
}

/** From bytes on a topic to what they mean for a device. Everything malformed ends in quarantine. */
export function createIngest(options: IngestOptions): Ingest {
  const { city, devices, columns, tracker, book, applier } = options;

  function shardFits(num: number, topic: DeviceTopic): boolean {
    let stored = columns.shard[num] ?? 0;
    if (stored === 0) {
      stored = Number.parseInt(shardOf(topic.deviceId), 16) + 1;
      columns.shard[num] = stored;
    }
    return stored === Number.parseInt(topic.shard, 16) + 1;
  }

  function apply(
    num: number,
    topic: DeviceTopic,
    payload: Buffer,
    receipt: Receipt,
  ): { reason: string; bit: number } | undefined {
    /** The value, or undefined after `problem` was set: broken, or of another device than the topic says. */
    let problem: { reason: string; bit: number } | undefined;
    function own<T>(parsed: Parsed<T>, idOf: (value: T) => string, bit: number): T | undefined {
      if (!parsed.ok) problem = { reason: parsed.reason, bit };
      else if (idOf(parsed.value) !== topic.deviceId) problem = { reason: 'wrong-id', bit };
      else return parsed.value;
      return undefined;
    }
    switch (topic.channel) {
      case 'status': {
        // An empty retained message is how MQTT deletes one: nothing is said about the device.
        if (payload.length === 0) return undefined;
        const status = own(parseStatus(payload), (value) => value.id, BAD_STATUS);
        if (status) tracker.status(num, status, receipt);
        return problem;
      }
      case 'state': {
        if (topic.kind === 'gateway') return { reason: 'wrong-kind', bit: BAD_STATE };
        const state = own(parseState(topic.kind, payload), (value) => value.report.id, BAD_STATE);
        if (!state) return problem;
        // Who reports to us has a rhythm, whatever else it may speak.
        if (columns.heartbeatMs[num] === NO_HEARTBEAT_MS) tracker.rhythm(num, DEFAULT_HEARTBEAT_MS);
        tracker.state(num, state, receipt);
        return problem;
      }
      case 'event': {
        const event = own(parseEvent(payload), (value) => value.id, BAD_OTHER);
        if (!event) return problem;
        tracker.spoke(num, event.session, receipt);
        const { session, seq, ts, type, severity, source, data } = event;
        options.event({
          num,
          at: receipt.rxAt,
          session,
          seq,
          ts,
          type,
          severity,
          body: JSON.stringify({ source, data }),
        });
        return undefined;
      }
      case 'ack': {
        const ack = own(parseAck(payload), (value) => value.id, BAD_OTHER);
        if (ack) tracker.spoke(num, columns.session[num] ?? Number.NaN, receipt);
        return problem;
      }
      case 'command':
        return undefined;
    }
  }

  /** A message of another dialect. A node that is not registered may still speak for devices that are. */
  function takeForeign(topic: ForeignTopic, payload: Buffer, receipt: Receipt): void {
    const opened = book.open(topic);
    if (!opened) {
      options.stranger('unknown-dialect');
      return;
    }
    const found = topic.deviceId === undefined ? undefined : devices.get(topic.deviceId);
    const device = found && found.num < columns.capacity ? found : undefined;
    if (!device) options.stranger('unknown-device');
    if (!device && opened.address.node === undefined) return;
    const bit = bitOf(topic.channel);
    const reading = opened.dialect.read(opened.address, payload, device?.kind ?? 'switch');
    if (device) applier.rhythm(device.num, opened);
    let reason = reading.ok ? undefined : reading.reason;
    if (reading.ok) {
      const { findings, says } = reading;
      if (device && says !== undefined && book.find(says) !== device.id) reason = 'wrong-id';
      else
        reason = applier.apply(device, {
          opened,
          findings,
          receipt,
          topic: topic.foreign,
          healed: BAD_OTHER | bit,
        });
    }
    if (reason === undefined || !device) return;
    options.quarantine(device.num, reason, payload, receipt.rxAt);
    tracker.malformed(device.num, receipt, bit);
  }

  return {
    knows(topic) {
      if ('foreign' in topic) return topic.deviceId !== undefined;
      const device = devices.get(topic.deviceId);
      return (
        device !== undefined &&
        topic.city === city &&
        topic.kind === device.kind &&
        shardFits(device.num, topic)
      );
    },
    floods(topic, payload, rxAt) {
      const device =
        topic.channel === 'status' || topic.deviceId === undefined ? undefined : devices.get(topic.deviceId);
      if (!device || options.admits(device.num)) return false;
      options.quarantine(device.num, 'too-many', payload, rxAt);
      return true;
    },
    take(message) {
      const { topic, payload, rxAt, retained } = message;
      if ('foreign' in topic) return takeForeign(topic, payload, { rxAt, retained });
      if (topic.city !== city) return options.stranger('wrong-city');
      const device = devices.get(topic.deviceId);
      if (!device || device.num >= columns.capacity) return options.stranger('unknown-device');
      const receipt = { rxAt, retained };
      const bit = bitOf(topic.channel);
      const problem = !shardFits(device.num, topic)
        ? { reason: 'wrong-shard', bit }
        : topic.kind !== device.kind
          ? { reason: 'wrong-kind', bit }
          : apply(device.num, topic, payload, receipt);
      if (!problem) return;
      options.quarantine(device.num, problem.reason, payload, rxAt);
      tracker.malformed(device.num, receipt, problem.bit);
    },
  };
}

const bitOf = (channel: MessageTopic['channel']): number =>
  channel === 'status' ? BAD_STATUS : channel === 'state' ? BAD_STATE : BAD_OTHER;
