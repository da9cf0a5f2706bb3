import type { Kysely } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { messageOf, notFound } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/logging.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import { Severities, type Severity } from '../contract/incidents.ts';
import type { NoticeReceiver } from '../contract/notices.ts';
import type { Database } from '../storage/tables.ts';
import { createOutbox, KEPT_MS } from './outbox.ts';
import { createReceiver, type ReceiverOptions, STALE_MS } from './receiver.ts';
import { type Channel, isOver } from './types.ts';

const LOOK_EVERY_MS = 2_000;

export interface NotifyOptions {
  db: Kysely<Database>;
  clock: Clock;
  bus: EventBus<HubEvents>;
  log: Logger;
  channels: readonly Channel[];
  /** Between two looks at what is to be told, ms. */
  lookEveryMs?: number;
  /** Those that are open now, `openedAt` UTC ms. */
  open(): readonly { id: string; openedAt: number }[];
  /** An incident as it is now; undefined when it is unknown. `muted` ones are not told. */
  incident: ReceiverOptions['incident'];
  givenUp: ReceiverOptions['givenUp'];
}

export interface Notify {
  /** Who is told, and how that goes. */
  receivers(): Promise<NoticeReceiver[]>;
  /** Sends a test. @throws AppError `not-found`, `notice-test-busy`, `notice-test-failed` */
  test(name: string): Promise<void>;
  stop(): Promise<void>;
}

const atLeast = (severity: Severity, least: Severity): boolean =>
  Severities.indexOf(severity) <= Severities.indexOf(least);

/** Tells people outside the console of incidents: durably, in digests, never in a storm. */
export function createNotify(options: NotifyOptions): Notify {
  const { db, clock, bus, log, channels } = options;
  const outbox = createOutbox(db);
  const stopping = new AbortController();
  let work: Promise<void> = Promise.resolve();

  /** Something could not be kept: what is open then is looked at again. */
  let missed = false;
  let failing = false;

  const later = (task: () => Promise<void>): void => {
    work = work.then(task).catch((error: unknown) => {
      if (!failing) log.error({ err: messageOf(error) }, 'notices could not be kept');
      [failing, missed] = [true, true];
    });
  };

  /** What a killed hub, or a full disk, kept from being noted: an incident and its notice are two writes. */
  async function catchUp(): Promise<void> {
    const now = clock.now();
    const ids = new Set(await outbox.unfinished(now - KEPT_MS));
    for (const { id, openedAt } of options.open()) if (now - openedAt < STALE_MS) ids.add(id);
    for (const id of ids) await note(id);
    failing = false;
  }

  async function note(id: string): Promise<void> {
    const incident = await options.incident(id);
    if (!incident) return;
    const over = isOver(incident);
    // Whoever was told that it began is told that it is over; a muted one begins for nobody until the mute ends.
    if (incident.muted && !over) return;
    for (const { name, minSeverity } of channels) {
      if (!atLeast(incident.severity, minSeverity)) continue;
      await outbox.add(name, id, over ? 'cleared' : 'opened', clock.now());
    }
  }

  const receivers = channels.map((channel) =>
    createReceiver({
      ...{ channel, outbox, clock, log, stopping: stopping.signal },
      ...{ incident: options.incident, givenUp: options.givenUp },
      toldOver: (id) => later(() => note(id)),
    }),
  );
  const off = bus.on('incident.changed', ({ ids }) => {
    if (channels.length === 0) return;
    for (const id of ids) later(() => note(id));
  });
  if (channels.length > 0) later(catchUp);
  const timer = setInterval(() => {
    if (missed) {
      missed = false;
      later(catchUp);
    }
    for (const receiver of receivers) receiver.look();
  }, options.lookEveryMs ?? LOOK_EVERY_MS);

  return {
    receivers: () => Promise.all(receivers.map((receiver) => receiver.state())),
    async test(name) {
      const receiver = receivers[channels.findIndex((channel) => channel.name === name)];
      if (!receiver) throw notFound('receiver', name);
      await receiver.test();
    },
    async stop() {
      off();
      clearInterval(timer);
      stopping.abort(new Error('the hub is stopping'));
      for (const receiver of receivers) await receiver.idle();
      await work;
      for (const channel of channels) channel.stop();
    },
  };
}
