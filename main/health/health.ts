import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/logging.ts';
import type { DialectSettings } from '../contract/dialects.ts';
import type { Monitoring } from '../contract/health.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { AckPayload } from '../contract/mqtt-payloads.ts';
import type { Threshold, ThresholdInput } from '../contract/thresholds.ts';
import type { DeviceIdentity, DeviceRegistry } from '../devices/types.ts';
import type { History, HistoryState } from '../history/history.ts';
import type { ForeignTopics, MessageSink } from '../mqtt/types.ts';
import type { Database } from '../storage/tables.ts';
import { createAnnouncer } from './announcer.ts';
import { createBlindSpans } from './blind-spans.ts';
import { createColumns } from './columns.ts';
import { createStatusCounts } from './counts.ts';
import { createDeafness } from './deafness.ts';
import { createApplier } from './dialects/applier.ts';
import { createDeviceNames } from './dialects/device-names.ts';
import { createDialectBook } from './dialects/dialects.ts';
import { createFloodGuard, STATUSES } from './flood-guard.ts';
import { createHearing } from './hearing.ts';
import { createIngest } from './ingest.ts';
import { createJournal } from './journal.ts';
import { addKind, fillKinds } from './kinds.ts';
import { createLastKnown } from './last-known.ts';
import { restoreLastRun } from './last-run.ts';
import { createLedger } from './ledger.ts';
import { createQuarantine, type Refusal, type RefusedTotal } from './quarantine/quarantine.ts';
import { loadQuarantine, quarantineOf } from './quarantine/store.ts';
import { createHealthSink } from './sink.ts';
import { createHealthStore } from './store.ts';
import { createStrangers } from './strangers.ts';
import { createThresholdStore } from './threshold-store.ts';
import { createThresholdWatch } from './thresholds.ts';
import { createTongues } from './tongues.ts';
import { createTracker } from './tracker.ts';
import { createRateMeter } from './traffic.ts';
import type { HealthView } from './types.ts';
import { createHealthView } from './view.ts';

/** What a tick adds to each delay, from silence to alarm, is at most this. */
const TICK_MS = 250;
const RATE_TICK_MS = 1_000;
/** The states of devices are stored although the history may not be. */
const HISTORY_WAIT_MS = 2_000;

export interface HealthOptions {
  db: Kysely<Database>;
  clock: Clock;
  bus: EventBus<HubEvents>;
  log: Logger;
  devices: DeviceRegistry;
  /** The word after `kalancha/v1/` in topics. */
  city: string;
  /** What the recording side says of itself. */
  recorder: () => Monitoring['recorder'];
  /** Keeps the values of reports. */
  history: Pick<History, 'sample' | 'storedWithin' | 'state'>;
  /** Takes devices' answers to commands; they stay in the journal until it has stored them. */
  answers?: {
    take(num: number, ack: AckPayload, at: number): void;
    stored(): boolean;
  };
  /** Other dialects in use, and where to learn by what names their devices go. */
  dialects?: {
    settings: readonly DialectSettings[];
    identities: (ids?: readonly string[]) => Promise<readonly DeviceIdentity[]>;
  };
}

export interface Health extends HealthView {
  /** Where brokers hand in what they receive. */
  readonly sink: MessageSink;
  /** Topics of the dialects in use. */
  readonly foreign: ForeignTopics;
  /** Messages taken and refused since the start, for metrics. */
  totals(): { messages: number; malformed: number; strangers: number; missed: number; stale: number };
  /** What was refused since the start, by dialect and reason; for metrics. */
  refused(): readonly RefusedTotal[];
  /** Lets time pass and judges who is due; the timer's own, called by hand only in tests. */
  tick(): void;
  /** Writes what waits. Throws when it cannot be stored. */
  flush(): Promise<void>;
  /** From now on, work goes on at these devices and no others: they show `maintenance`. With `nums`, asked for those alone. */
  maintenance(isUnder: (num: number) => boolean, nums?: readonly number[]): void;
  thresholds(): readonly Threshold[];
  /** Replaces all thresholds in the transaction in which `record` puts it on record. */
  setThresholds(
    inputs: readonly ThresholdInput[],
    record: (trx: Transaction<Database>) => Promise<void>,
  ): Promise<readonly Threshold[]>;
  /** Drops from memory the clients that access points reported before, UTC ms, and not since. */
  forgetClients(before: number): void;
  /** The hub is about to stop: what devices say or fail to say from now on is not judged. */
  deafen(): void;
  /** Hears everything again, and for how long, ms; 0 while it does not. */
  hearingFor(): number;
  stop(): Promise<void>;
}

/** Devices that may be added before the columns are made larger. */
const SPARE_DEVICES = 4_096;

/**
 * Knows the health of every device. Brings back what the last run knew, takes in what that run had acknowledged
 * but not finished, and starts the second hand. Time counts against the devices from the first link on.
 */
export async function createHealth(options: HealthOptions): Promise<Health> {
  const { db, clock, bus, log, devices, city, recorder, history } = options;
  const columns = createColumns(devices.count + SPARE_DEVICES);
  fillKinds(columns, devices);
  const store = createHealthStore(db);
  const settings = options.dialects?.settings ?? [];
  const names =
    options.dialects && settings.length > 0
      ? await createDeviceNames({ bus, log, devices, identities: options.dialects.identities })
      : undefined;
  const book = createDialectBook(settings, (name) => names?.find(name));
  const journal = createJournal(db, book);
  const hearing = createHearing(clock);
  // Until there is a link, nobody is judged by time.
  hearing.freeze('link');
  const quarantine = createQuarantine();
  const ledger = createLedger({
    ...{ columns, store, clock, log, quarantine },
    settled: async () => options.answers?.stored() !== false && (await history.storedWithin(HISTORY_WAIT_MS)),
    aliveAt: () => deafness.aliveAt(),
    olderSession: (num) => tracker.olderSession(num),
  });
  const announcer = createAnnouncer({ bus, devices, columns });
  const counts = createStatusCounts(columns, clock);
  const rate = createRateMeter();
  const strangers = createStrangers({ clock, log });
  const totals = { messages: 0, malformed: 0, missed: 0, stale: 0 };

  const thresholds = createThresholdWatch();
  const thresholdStore = createThresholdStore({ db, clock });
  thresholds.use(await thresholdStore.load());
  const tracker = createTracker({
    thresholds,
    columns,
    hearing,
    listener: {
      changed(num, at) {
        ledger.changed(num, at);
        announcer.changed(num, at);
      },
      changedBeneath: (num, at) => ledger.changed(num, at),
      touched: (num) => ledger.touched(num),
      missed(count) {
        totals.missed += count;
      },
      stale() {
        totals.stale += 1;
      },
      reported(num) {
        ledger.contact(num);
        announcer.reported(num);
      },
      readings: (num, at, { metrics, values }) => history.sample({ num, at, metrics, values }),
      reset(num, at, oldSession, newSession) {
        ledger.reset({ num, at, oldSession, newSession });
        log.info({ device: devices.byNum(num)?.id, oldSession, newSession }, 'a device began anew');
      },
    },
  });
  const refuse = (refusal: Refusal): void => {
    totals.malformed += 1;
    quarantine.take(refusal);
  };
  const flood = createFloodGuard(clock.monotonic);
  const statusFlood = createFloodGuard(clock.monotonic, STATUSES);
  const tongues = createTongues();
  const ingest = createIngest({
    tongues,
    admits: flood.admits,
    admitsStatus: statusFlood.admits,
    city,
    devices,
    columns,
    tracker,
    book,
    applier: createApplier({ columns, tracker, hearing, event: (row) => ledger.event(row) }),
    event: (row) => ledger.event(row),
    answered: (num, ack, at) => options.answers?.take(num, ack, at),
    stranger: (reason) => strangers.count(reason),
    quarantine: refuse,
  });

  const refusedBefore = await loadQuarantine(db);
  quarantine.restore(refusedBefore.sums, refusedBefore.details);
  const blindFrom = await restoreLastRun(columns, store, tracker);
  const blindSpans = await createBlindSpans({ db, clock, log, blindFrom });
  const deafness = createDeafness({ clock, bus, log, hearing, blindSpans });
  const lastKnown = createLastKnown({ columns, hearing, blindFrom, gatewayOf: ingest.gatewayOf });
  let entries = 0;
  for (const { id, messages } of await journal.leftOver()) {
    for (const message of messages) ingest.take(message);
    entries += messages.length;
    ledger.journalTaken(id);
  }
  if (entries > 0) log.info({ entries }, 'what the last run had acknowledged and not finished was taken in');

  const monitoringOf = (visible: Parameters<HealthView['monitoringOf']>[0] | null): Monitoring => ({
    ...deafness.monitoring(),
    recorder: recorder(),
    history: storingOf(history.state()),
    messagesPerSecond: rate.perSecond(),
    counts: counts.of(visible),
  });

  const sink = createHealthSink({
    ...{ clock, city, devices, columns, ingest, journal, ledger, hearing, deafness, refuse },
    counted() {
      totals.messages += 1;
      rate.count();
    },
  });

  function tick(): void {
    deafness.tick();
    tracker.scan(clock.now());
  }

  const offDevices = bus.on('devices.changed', ({ deviceIds }) => {
    const changed = deviceIds?.map((id) => devices.get(id)) ?? [undefined];
    // A removed device is no longer found by its id: all kinds are worked out anew.
    if (changed.includes(undefined)) {
      fillKinds(columns, devices);
      tracker.prune();
    }
    for (const device of changed) if (device) addKind(columns, device);
  });
  ledger.start();
  const timer = setInterval(tick, TICK_MS);
  const rateTimer = setInterval(() => rate.tick(), RATE_TICK_MS);

  const view = createHealthView({
    columns,
    tracker,
    ledger,
    store,
    quarantine,
    quarantineOf: (num) => quarantineOf(db, num),
    exceeded: thresholds.exceeded,
    onlyForeign: tongues.onlyForeign,
    blindSince: (num) => deafness.since() ?? lastKnown.since(num),
    gatewayOf: ingest.gatewayOf,
    gatewayLostSince: lastKnown.gatewayLostSince,
    streamSeen(cameraId, ok) {
      const device = deafness.stopping ? undefined : devices.get(cameraId);
      if (device) tracker.streamSeen(device.num, ok, clock.now());
    },
    pictureSeen(cameraId, problem) {
      const device = devices.get(cameraId);
      if (device) tracker.pictureSeen(device.num, problem, clock.now());
    },
    monitoring: monitoringOf,
  });
  return {
    ...view,
    sink,
    foreign: book,
    totals: () => ({ ...totals, strangers: strangers.total() }),
    refused: quarantine.totals,
    tick,
    flush: () => ledger.flush(),
    thresholds: thresholdStore.all,
    async setThresholds(inputs, record) {
      const all = await thresholdStore.replace(inputs, record);
      thresholds.use(all);
      return all;
    },
    maintenance: (isUnder, nums) => tracker.maintenance(isUnder, clock.now(), nums),
    forgetClients: (before) => tracker.forgetClients(before),
    deafen: deafness.deafen,
    hearingFor: () => (hearing.hears() ? hearing.now() - hearing.resumedAt() : 0),
    async stop() {
      clearInterval(timer);
      clearInterval(rateTimer);
      offDevices();
      await names?.stop();
      announcer.stop();
      await ledger.stop();
      await blindSpans.stop();
    },
  };
}

/** What everybody may know of the history; its sizes are for who watches over the hub. */
const storingOf = ({ failingSince, problem, lostBatches }: HistoryState): Monitoring['history'] => ({
  failingSince,
  error: problem,
  lostBatches,
});
