import type { GatewayReport } from '../contract/mqtt-payloads.ts';
import { hangsBelow } from '../devices/below.ts';
import type { DeviceRecord, DeviceRegistry } from '../devices/types.ts';
import type { DeviceTopic } from '../mqtt/topics.ts';
import { BAD_OTHER, BAD_STATE, BAD_STATUS } from './evidence.ts';
import { checkAck, checkEvent, checkState, checkStatus, type Parsed } from './payloads.ts';
import type { Sayings } from './sayings.ts';
import type { Receipt } from './tracker.ts';

/** An entry of a gateway that does not count, and against whom. */
interface Refusal {
  num: number;
  reason: string;
  detail?: string | undefined;
  /** Of the gateway's message. */
  topic: DeviceTopic;
  entry: unknown;
  /** Evidence against the device (`evidence.ts`); undefined when the entry proves nothing about it. */
  bit: number | undefined;
}

/** Takes what a gateway says for the devices below it, each entry as if the device had sent it. */
export interface GatewayReports {
  take(gateway: DeviceRecord, report: GatewayReport, topic: DeviceTopic, receipt: Receipt): void;
  /** The device spoke for itself: it needs no gateway to be heard. */
  spokeItself(num: number): void;
  /** The gateway through which the device was heard last; undefined when it speaks for itself. */
  gatewayOf(num: number): number | undefined;
}

export function createGatewayReports(options: {
  devices: Pick<DeviceRegistry, 'get'>;
  sayings: Sayings;
  /** Whether another message of this device is within its rate. */
  admits(num: number): boolean;
  /** The same of its births and Wills: each changes something for good. */
  admitsStatus(num: number): boolean;
  /** An entry for nobody that the registry knows. */
  stranger(): void;
  refused(refusal: Refusal, receipt: Receipt): void;
}): GatewayReports {
  const { devices, sayings, admits, admitsStatus, refused } = options;
  /** By device number; 0 for none. */
  let via = new Uint32Array(1024);

  function heardThrough(num: number, gateway: number): void {
    if (num >= via.length) {
      const grown = new Uint32Array(Math.max(num + 1, via.length * 2));
      grown.set(via);
      via = grown;
    }
    via[num] = gateway;
  }

  function each<T>(
    gateway: DeviceRecord,
    entries: readonly { id: string }[] | undefined,
    { topic, receipt }: { topic: DeviceTopic; receipt: Receipt },
    kind: {
      bit: number;
      admits(num: number): boolean;
      check(entry: unknown, device: DeviceRecord): Parsed<T>;
      say(device: DeviceRecord, value: T): void;
    },
  ): void {
    for (const entry of entries ?? []) {
      const device = devices.get(entry.id);
      if (!device) {
        options.stranger();
        continue;
      }
      if (!hangsBelow(devices, device, gateway.id)) {
        refused({ num: gateway.num, reason: 'not-below', topic, entry, bit: undefined }, receipt);
        continue;
      }
      const { num } = device;
      if (!kind.admits(num)) {
        refused({ num, reason: 'too-many', topic, entry, bit: undefined }, receipt);
        continue;
      }
      heardThrough(num, gateway.num);
      const checked = kind.check(entry, device);
      if (checked.ok) kind.say(device, checked.value);
      else {
        const { reason, detail } = checked;
        refused({ num, reason, detail, topic, entry, bit: kind.bit }, receipt);
      }
    }
  }

  return {
    take(gateway, { statuses, states, events, acks }, topic, receipt) {
      const from = { topic, receipt };
      each(gateway, statuses, from, {
        ...{ bit: BAD_STATUS, admits: admitsStatus, check: checkStatus },
        say: ({ num }, status) => sayings.status(num, status, receipt),
      });
      each(gateway, states, from, {
        ...{ bit: BAD_STATE, admits },
        check: (entry, { kind }) => checkState(kind, entry),
        say: ({ num }, state) => sayings.state(num, state, receipt),
      });
      each(gateway, events, from, {
        ...{ bit: BAD_OTHER, admits, check: checkEvent },
        say: ({ num }, event) => sayings.event(num, event, receipt),
      });
      each(gateway, acks, from, {
        ...{ bit: BAD_OTHER, admits, check: checkAck },
        say: ({ num }, ack) => sayings.ack(num, ack, receipt),
      });
    },
    spokeItself(num) {
      if (num < via.length) via[num] = 0;
    },
    gatewayOf: (num) => via[num] || undefined,
  };
}
