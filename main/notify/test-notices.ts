import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { type ManualClock, manualClock } from '../base/clock.ts';
import { createEventBus } from '../base/event-bus.ts';
import { createLogger } from '../base/logging.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import { openStorage, type Storage } from '../storage/database.ts';
import { createNotify, type Notify } from './notify.ts';
import type { Channel, NoticeIncident } from './types.ts';

/** Half an hour before the clocks of a city that keeps summer time go back. */
export const T0 = Date.UTC(2026, 9, 24, 23, 30);

type Told = NoticeIncident & { muted: boolean; resolved: boolean };

/** A database, incidents that are what a test says, and what is sent of them. */
export interface NoticeBench {
  readonly storage: Storage;
  readonly clock: ManualClock;
  /** What was written to the log. */
  readonly lines: string[];
  /** Incidents of which a channel was never told. */
  readonly givenUp: { channel: string; incidents: string[]; problem: string }[];
  /** Ids of the incidents that are open when it starts. */
  standing: string[];
  storeFails: boolean;
  /** An incident is this from now on. */
  incident(id: string, given?: Partial<NoticeIncident & { muted: boolean }>): void;
  /** @throws Error when no test said what it is */
  known(id: string): Told;
  /** Says that these incidents changed. */
  tell(...ids: string[]): void;
  start(...channels: Channel[]): Notify;
  stop(): Promise<void>;
}

export async function openNoticeBench(): Promise<NoticeBench> {
  const folder = mkdtempSync(join(tmpdir(), 'kalancha-notify-'));
  const storage = await openStorage(folder);
  const bus = createEventBus<HubEvents>((_name, error) => {
    throw error;
  });
  const clock = manualClock(T0);
  const known = new Map<string, Told>();
  const lines: string[] = [];
  const logged = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  let notify: Notify | undefined;

  const bench: NoticeBench = {
    ...{ storage, clock, lines, givenUp: [], standing: [], storeFails: false },
    incident(id, given = {}) {
      known.set(id, {
        ...{ id, cause: 'device-offline', severity: 'critical', reason: 'will', since: T0, openedAt: T0 },
        ...{ subject: { kind: 'device', id, name: `Коммутатор ${id}`, address: 'ул. Арбат, 1' } },
        ...{ exceeded: [], clearedAt: null, partOf: null, affected: 40, muted: false, resolved: false },
        ...given,
      });
    },
    known(id) {
      const incident = known.get(id);
      if (!incident) throw new Error('unknown incident');
      return incident;
    },
    tell: (...ids) => bus.emit('incident.changed', { ids }),
    start(...channels) {
      notify = createNotify({
        ...{ db: storage.db, clock, bus, log: createLogger('error', logged), channels },
        lookEveryMs: 50,
        open: () => bench.standing.flatMap((id) => known.get(id) ?? []),
        async givenUp(_trx, channel, incidents, problem) {
          bench.givenUp.push({ channel, incidents, problem });
        },
        async incident(id) {
          if (bench.storeFails) throw new Error('disk full');
          return known.get(id);
        },
      });
      return notify;
    },
    async stop() {
      await notify?.stop();
      await storage.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return bench;
}

/** A channel that keeps what it is given. */
export interface Collected extends Channel {
  messages: string[][];
  /** Whom it was tried to tell of, each message in one text. */
  tried: string[];
  failing: boolean;
  /** An incident that it does not take. */
  refused: string | null;
}

export const collecting = (name = 'test'): Collected => ({
  ...{ name, kind: 'webhook', host: 'example.org', minSeverity: 'warning' },
  ...{ messages: [], tried: [], failing: false, refused: null },
  async send(notices) {
    this.tried.push(notices.map(({ incident: { id } }) => id).join(' '));
    if (this.failing) throw new Error('nobody there');
    if (notices.some(({ incident: { id } }) => id === this.refused)) throw new Error('answered 400');
    this.messages.push(notices.map(({ kind, incident: { id } }) => `${kind} ${id}`));
  },
  async test() {
    if (this.failing) throw new Error('nobody there');
    this.messages.push(['test']);
  },
  stop: () => undefined,
});
