import type { DeviceRegistry } from '../devices/types.ts';
import { type DeviceTopic, shardOf } from '../mqtt/topics.ts';
import type { InboundMessage } from '../mqtt/types.ts';
import type { Columns } from './columns.ts';
import { BAD_OTHER, BAD_STATE, BAD_STATUS } from './evidence.ts';
import { type Parsed, parseAck, parseEvent, parseState, parseStatus } from './payloads.ts';
import type { EventRow } from './store.ts';
import type { Receipt, Tracker } from './tracker.ts';

export interface IngestOptions {
  city: string;
  devices: Pick<DeviceRegistry, 'get'>;
  columns: Columns;
  tracker: Tracker;
  /** A broken message of a device that we know. */
  quarantine(num: number, reason: string, payload: Buffer, at: number): void;
  /** A message of no device that we know. */
  stranger(reason: string): void;
  event(row: EventRow): void;
  /** Whether another message of this device is within its rate. */
  admits(num: number): boolean;
}

export interface Ingest {
  knows(topic: DeviceTopic): boolean;
  /** Counts a message that is one too many. What tells of life and death is never one. */
  floods(topic: DeviceTopic, payload: Buffer, rxAt: number): boolean;
  /** Takes one message into account, whatever is in it. */
  take(message: InboundMessage): void;
}

/** From bytes on a topic to what they mean for a device. Everything malformed ends in quarantine. */
export function createIngest(options: IngestOptions): Ingest {
  const { city, devices, columns, tracker } = options;

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
    message: InboundMessage,
    receipt: Receipt,
  ): { reason: string; bit: number } | undefined {
    const { topic, payload } = message;
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
        if (state) tracker.state(num, state, receipt);
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

  return {
    knows(topic) {
      const device = devices.get(topic.deviceId);
      return (
        device !== undefined &&
        topic.city === city &&
        topic.kind === device.kind &&
        shardFits(device.num, topic)
      );
    },
    floods(topic, payload, rxAt) {
      const device = topic.channel === 'status' ? undefined : devices.get(topic.deviceId);
      if (!device || options.admits(device.num)) return false;
      options.quarantine(device.num, 'too-many', payload, rxAt);
      return true;
    },
    take(message) {
      const { topic, payload, rxAt, retained } = message;
      if (topic.city !== city) return options.stranger('wrong-city');
      const device = devices.get(topic.deviceId);
      if (!device || device.num >= columns.capacity) return options.stranger('unknown-device');
      const receipt = { rxAt, retained };
      const bit = topic.channel === 'status' ? BAD_STATUS : topic.channel === 'state' ? BAD_STATE : BAD_OTHER;
      const problem = !shardFits(device.num, topic)
        ? { reason: 'wrong-shard', bit }
        : topic.kind !== device.kind
          ? { reason: 'wrong-kind', bit }
          : apply(device.num, message, receipt);
      if (!problem) return;
      options.quarantine(device.num, problem.reason, payload, rxAt);
      tracker.malformed(device.num, receipt, problem.bit);
    },
  };
}
