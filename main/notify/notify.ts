import type { Kysely } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/logging.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import { Severities, type Severity } from '../contract/incidents.ts';
import type { Database } from '../storage/tables.ts';
import { createOutbox, KEPT_MS } from './outbox.ts';
import type { Channel, Notice, NoticeIncident } from './types.ts';

/** At most one message a channel in this time, ms: what comes meanwhile is told together. */
export const QUIET_MS = 60_000;
const LOOK_EVERY_MS = 2_000;
const SEND_TIMEOUT_MS = 20_000;
const RETRY_FIRST_MS = 5_000;
const RETRY_LIMIT_MS = 300_000;
/** What could not be told for so long is no news any more, ms. */
const STALE_MS = 6 * 3_600_000;

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
  incident(id: string): Promise<(NoticeIncident & { muted: boolean; resolved: boolean }) | undefined>;
}

export interface Notify {
  /** Channels that fail, with what they said; empty when all is well. */
  troubles(): { channel: string; since: number; problem: string }[];
  stop(): Promise<void>;
}

const atLeast = (severity: Severity, least: Severity): boolean =>
  Severities.indexOf(severity) <= Severities.indexOf(least);

const isOver = ({ resolved, clearedAt }: { resolved: boolean; clearedAt: number | null }): boolean =>
  resolved || clearedAt !== null;

/** Tells people outside the console of incidents: durably, in digests, never in a storm. */
export function createNotify(options: NotifyOptions): Notify {
  const { db, clock, bus, log, channels } = options;
  const outbox = createOutbox(db);
  const stopping = new AbortController();
  const states = new Map(
    channels.map((channel) => [
      channel.name,
      { nextAt: Number.NEGATIVE_INFINITY, failures: 0, since: 0, problem: '' },
    ]),
  );
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

  async function tell(channel: Channel): Promise<void> {
    const state = states.get(channel.name);
    if (!state || clock.monotonic() < state.nextAt) return;
    const rows = await outbox.waiting(channel.name);
    if (rows.length === 0) return;
    const notices: Notice[] = [];
    for (const { id, incident_id, kind, at } of rows) {
      const incident = clock.now() - at > STALE_MS ? undefined : await options.incident(incident_id);
      const over = incident && isOver(incident);
      // Muted before it was told, or back before its end was.
      if (incident && !over && (kind === 'cleared' || incident.muted)) {
        await outbox.drop(id);
        continue;
      }
      if (incident) notices.push({ kind: kind === 'cleared' ? 'cleared' : 'opened', at, incident });
    }
    try {
      if (notices.length > 0)
        await channel.send(notices, AbortSignal.any([stopping.signal, AbortSignal.timeout(SEND_TIMEOUT_MS)]));
      await outbox.sent(
        rows.map(({ id }) => id),
        clock.now(),
      );
      // One that came back while its end was being told.
      for (const { kind, incident } of notices) if (kind === 'cleared') later(() => note(incident.id));
      if (state.failures > 0) log.info({ channel: channel.name }, 'notices go out again');
      state.failures = 0;
      if (notices.length > 0) state.nextAt = clock.monotonic() + QUIET_MS;
    } catch (error) {
      if (stopping.signal.aborted) return;
      if (state.failures === 0) {
        state.since = clock.now();
        log.error({ channel: channel.name, err: messageOf(error) }, 'a notice could not be sent');
      }
      state.problem = messageOf(error);
      state.nextAt = clock.monotonic() + Math.min(RETRY_LIMIT_MS, RETRY_FIRST_MS * 2 ** state.failures);
      state.failures += 1;
    }
  }

  const off = bus.on('incident.changed', ({ ids }) => {
    if (channels.length === 0) return;
    for (const id of ids) later(() => note(id));
  });
  if (channels.length > 0) later(catchUp);
  let telling: Promise<void> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (missed) {
      missed = false;
      later(catchUp);
    }
    if (busy) return;
    busy = true;
    telling = Promise.all(channels.map(tell))
      .then(() => undefined)
      .catch((error: unknown) => log.error({ err: messageOf(error) }, 'notices could not be read'))
      .finally(() => {
        busy = false;
      });
  }, options.lookEveryMs ?? LOOK_EVERY_MS);

  return {
    troubles: () =>
      [...states].flatMap(([channel, { failures, since, problem }]) =>
        failures > 0 ? [{ channel, since, problem }] : [],
      ),
    async stop() {
      off();
      clearInterval(timer);
      stopping.abort();
      await work;
      await telling;
      for (const channel of channels) channel.stop();
    },
  };
}
