import type { AckPayload } from '../contract/mqtt-payloads.ts';
import { hangsBelow } from '../devices/below.ts';
import type { DeviceRecord, DeviceRegistry } from '../devices/types.ts';
import { type DeviceTopic, shardOf } from '../mqtt/topics.ts';
import type { ForeignTopic, InboundMessage, MessageTopic } from '../mqtt/types.ts';
import type { Columns } from './columns.ts';
import type { Applier } from './dialects/applier.ts';
import type { DialectBook } from './dialects/dialects.ts';
import { BAD_OTHER, BAD_STATE, BAD_STATUS } from './evidence.ts';
import { createGatewayReports } from './gateway.ts';
import {
  type Parsed,
  parseAck,
  parseEvent,
  parseGateway,
  parseState,
  parseStatus,
  type Refused,
} from './payloads.ts';
import type { Refusal } from './quarantine/quarantine.ts';
import { createSayings } from './sayings.ts';
import type { EventRow } from './store.ts';
import type { Tongues } from './tongues.ts';
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
  quarantine(refusal: Refusal): void;
  /** A message of no device that we know. */
  stranger(reason: string): void;
  event(row: EventRow): void;
  /** An answer to a command. */
  answered(num: number, ack: AckPayload, at: number): void;
  tongues: Tongues;
  /** Whether another message of this device is within its rate. */
  admits(num: number): boolean;
  /** The same of its births and Wills. */
  admitsStatus(num: number): boolean;
}

export interface Ingest {
  knows(topic: MessageTopic): boolean;
  /** Counts a message that is one too many; what tells of life and death has a limit of its own. */
  floods(topic: MessageTopic, payload: Buffer, rxAt: number): boolean;
  /** Takes one message into account, whatever is in it. */
  take(message: InboundMessage): void;
  /** Whether the registry has the device below the gateway, which then may speak for it. */
  speaksFor(gatewayId: string, deviceId: string): boolean;
  /** Number of the gateway through which the device was heard last; undefined when it speaks for itself. */
  gatewayOf(num: number): number | undefined;
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

  const sayings = createSayings(options);
  const gateways = createGatewayReports({
    devices,
    sayings,
    admits: options.admits,
    admitsStatus: options.admitsStatus,
    stranger: () => options.stranger('unknown-device'),
    refused({ num, reason, detail, topic, entry, bit }, receipt) {
      const payload = Buffer.from(JSON.stringify(entry));
      options.quarantine({ num, tongue: 'kalancha', reason, detail, topic, payload, at: receipt.rxAt });
      if (bit !== undefined) tracker.malformed(num, receipt, bit);
    },
  });

  /** @returns why it does not count: broken, or of another device than the topic says */
  function apply(device: DeviceRecord, topic: DeviceTopic, payload: Buffer, receipt: Receipt) {
    const { num } = device;
    function own<T>(
      parsed: Parsed<T>,
      idOf: (value: T) => string,
      say: (value: T) => void,
    ): Refused | undefined {
      if (!parsed.ok) return parsed;
      if (idOf(parsed.value) !== topic.deviceId) return WRONG_ID;
      say(parsed.value);
      return undefined;
    }
    switch (topic.channel) {
      case 'status':
        // An empty retained message is how MQTT deletes one: nothing is said about the device.
        if (payload.length === 0) return undefined;
        return own(
          parseStatus(payload),
          ({ id }) => id,
          (status) => sayings.status(num, status, receipt),
        );
      case 'state':
        if (topic.kind === 'gateway') return gateway(device, topic, payload, receipt);
        return own(
          parseState(topic.kind, payload),
          ({ report }) => report.id,
          (state) => sayings.state(num, state, receipt),
        );
      case 'event':
        if (topic.kind === 'gateway') return gateway(device, topic, payload, receipt);
        return own(
          parseEvent(payload),
          ({ id }) => id,
          (event) => sayings.event(num, event, receipt),
        );
      case 'ack':
        return own(
          parseAck(payload),
          ({ id }) => id,
          (ack) => sayings.ack(num, ack, receipt),
        );
      case 'command':
        return undefined;
    }
  }

  /** Of itself a gateway says what a switch would, on `state` alone. */
  function gateway(
    device: DeviceRecord,
    topic: DeviceTopic,
    payload: Buffer,
    receipt: Receipt,
  ): Refused | undefined {
    const parsed = parseGateway(payload);
    if (!parsed.ok) return parsed;
    if (parsed.value.id !== topic.deviceId) return WRONG_ID;
    if (topic.channel === 'state') {
      // What it says for others is no part of what it says of itself.
      const { statuses: _statuses, states: _states, events: _events, acks: _acks, ...report } = parsed.value;
      sayings.state(device.num, { kind: 'switch', report }, receipt);
    } else tracker.spoke(device.num, parsed.value.session, receipt);
    gateways.take(device, parsed.value, topic, receipt);
    return undefined;
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
    const { node, shared } = opened.address;
    if (!device && !shared) options.stranger('unknown-device');
    if (!device && !shared && node === undefined) return;
    const bit = bitOf(topic.channel);
    const reading = opened.dialect.read(opened.address, payload, device?.kind ?? 'switch');
    if (device) {
      gateways.spokeItself(device.num);
      options.tongues.spokeForeign(device.num);
      applier.rhythm(device.num, opened);
    }
    let refused = reading.ok ? undefined : reading;
    if (reading.ok) {
      const { findings, says } = reading;
      if (device && says !== undefined && book.find(says) !== device.id) refused = WRONG_ID;
      else
        refused = applier.apply(device, {
          opened,
          findings,
          receipt,
          topic: topic.foreign,
          healed: BAD_OTHER | bit,
        });
    }
    if (refused === undefined || !device) return;
    const { num } = device;
    const { reason, detail } = refused;
    options.quarantine({
      ...{ num, tongue: opened.dialect.name, reason, detail, topic, payload, at: receipt.rxAt },
    });
    tracker.malformed(num, receipt, bit);
  }

  return {
    knows(topic) {
      if ('foreign' in topic) return topic.deviceId !== undefined;
      const device = devices.get(topic.deviceId);
      return (
        device !== undefined && topic.city === city && kindFits(topic, device) && shardFits(device.num, topic)
      );
    },
    floods(topic, payload, rxAt) {
      const device = topic.deviceId === undefined ? undefined : devices.get(topic.deviceId);
      const admits = topic.channel === 'status' ? options.admitsStatus : options.admits;
      if (!device || admits(device.num)) return false;
      const tongue = 'foreign' in topic ? (book.open(topic)?.dialect.name ?? 'kalancha') : 'kalancha';
      options.quarantine({ num: device.num, tongue, reason: 'too-many', topic, payload, at: rxAt });
      return true;
    },
    take(message) {
      const { topic, payload, rxAt, retained } = message;
      if ('foreign' in topic) return takeForeign(topic, payload, { rxAt, retained });
      if (topic.city !== city) return options.stranger('wrong-city');
      const device = devices.get(topic.deviceId);
      if (!device || device.num >= columns.capacity) return options.stranger('unknown-device');
      const receipt = { rxAt, retained };
      gateways.spokeItself(device.num);
      const refused = !shardFits(device.num, topic)
        ? WRONG_SHARD
        : !kindFits(topic, device)
          ? WRONG_KIND
          : apply(device, topic, payload, receipt);
      if (refused === undefined) return;
      const { reason, detail } = refused;
      options.quarantine({ num: device.num, tongue: 'kalancha', reason, detail, topic, payload, at: rxAt });
      tracker.malformed(device.num, receipt, bitOf(topic.channel));
    },
    speaksFor(gatewayId, deviceId) {
      const device = devices.get(deviceId);
      return device !== undefined && hangsBelow(devices, device, gatewayId);
    },
    gatewayOf: gateways.gatewayOf,
  };
}

const WRONG_ID: Refused = { ok: false, reason: 'wrong-id' };
const WRONG_SHARD: Refused = { ok: false, reason: 'wrong-shard' };
const WRONG_KIND: Refused = { ok: false, reason: 'wrong-kind' };

/** A gateway is what the registry has above devices: a switch, or what stands there as one. */
const kindFits = (topic: DeviceTopic, device: DeviceRecord): boolean =>
  topic.kind === device.kind || (topic.kind === 'gateway' && device.kind === 'switch');

const bitOf = (channel: MessageTopic['channel']): number =>
  channel === 'status' ? BAD_STATUS : channel === 'state' ? BAD_STATE : BAD_OTHER;
