import type { Clock } from '../base/clock.ts';
import type { DeviceRegistry } from '../devices/types.ts';
import type { MessageSink } from '../mqtt/types.ts';
import type { Columns } from './columns.ts';
import type { Deafness } from './deafness.ts';
import type { Hearing } from './hearing.ts';
import type { Ingest } from './ingest.ts';
import type { Journal } from './journal.ts';
import { lastStatuses } from './last-statuses.ts';
import type { Ledger } from './ledger.ts';
import type { Refusal } from './quarantine/quarantine.ts';

/** Where brokers hand in what they receive, and tell how they are themselves. */
export function createHealthSink(options: {
  clock: Clock;
  city: string;
  devices: DeviceRegistry;
  columns: Columns;
  ingest: Ingest;
  journal: Journal;
  ledger: Pick<Ledger, 'journalTaken'>;
  hearing: Pick<Hearing, 'heard'>;
  deafness: Pick<Deafness, 'link' | 'storing'>;
  /** A message was taken in. */
  counted(): void;
  refuse(refusal: Refusal): void;
}): MessageSink {
  const { clock, city, devices, columns, ingest, journal, ledger, hearing, deafness } = options;
  return {
    knows: (topic) => ingest.knows(topic),
    speaksFor: (gatewayId, deviceId) => ingest.speaksFor(gatewayId, deviceId),
    statuses: (deviceId) => lastStatuses({ columns, devices, city }, deviceId),
    oversized(deviceId) {
      const num = devices.get(deviceId)?.num;
      if (num === undefined) return;
      const unread = { tongue: 'kalancha', topic: undefined, payload: Buffer.alloc(0) } as const;
      options.refuse({ num, reason: 'too-large', at: clock.now(), ...unread });
    },
    floods: (topic, payload) => ingest.floods(topic, payload, clock.now()),
    take(message) {
      options.counted();
      ingest.take(message);
    },
    async store(messages) {
      const id = await journal.append(messages);
      return { taken: () => ledger.journalTaken(id) };
    },
    link: deafness.link,
    storing: deafness.storing,
    heard: (monotonicMs) => hearing.heard(monotonicMs),
  };
}
