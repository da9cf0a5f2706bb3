import type { Kysely } from 'kysely';
import type { AuditLog } from '../audit/types.ts';
import type { Clock } from '../base/clock.ts';
import { AppError, messageOf, notFound } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import { newId } from '../base/ids.ts';
import type { Logger } from '../base/logging.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { IncidentCursor, IncidentNote, Severity } from '../contract/incidents.ts';
import type { DeviceRegistry } from '../devices/types.ts';
import type { Health } from '../health/health.ts';
import type { Database } from '../storage/tables.ts';
import { severityOf } from './conditions.ts';
import { createIncidentEngine } from './engine.ts';
import type { Commanded, IncidentStep, OpenIncident } from './engine-types.ts';
import { createFamilies } from './families.ts';
import { changeOf, type Handler, type Handling, keepHandling } from './handling.ts';
import { createOwnTroubles } from './own-troubles.ts';
import { createIncidentStore, type IncidentRow } from './store.ts';

const TICK_MS = 250;
/** After the start, devices get this long to be heard before what is down counts, ms of hearing. */
const START_HOLD_MS = 35_000;
const RETRY_MS = 5_000;
/** Wall time that went so far from steady time jumped, ms. */
const JUMP_MS = 1_000;

export interface IncidentsOptions {
  db: Kysely<Database>;
  clock: Clock;
  bus: EventBus<HubEvents>;
  log: Logger;
  audit: AuditLog;
  devices: Pick<DeviceRegistry, 'all' | 'get' | 'byNum'>;
  health: Pick<Health, 'conditionOf' | 'hearingFor' | 'monitoring'>;
  /** The command under way at a device that may cut it off now. */
  commandedAt?: (num: number) => Commanded | undefined;
  startHoldMs?: number;
}

export interface Incidents {
  /** The open ones, in no order. */
  open(): { row: IncidentRow; members: OpenIncident['members'] }[];
  find(id: string): Promise<IncidentRow | undefined>;
  /** Resolved ones behind `behind`, newest first, at most `limit`. */
  resolved(
    behind: IncidentCursor | undefined,
    num: number | undefined,
    limit: number,
  ): Promise<IncidentRow[]>;
  members(id: string): Promise<{ num: number; since: number; until: number | null }[]>;
  /** How many devices it ever took down, and since when the first of them is (UTC ms; null for none). */
  extent(id: string): Promise<{ devices: number; since: number | null }>;
  notes(id: string): Promise<IncidentNote[]>;
  /** @throws AppError `not-found`, `incident-resolved`, `incident-active`, `incident-taken` */
  handle(id: string, handler: Handler, handling: Handling): Promise<void>;
  /** Whether the hub has heard the devices long enough for silence to count. */
  listening(): boolean;
  /** UTC ms since when what was decided cannot be stored; null while it can. */
  failingSince(): number | null;
  stop(): Promise<void>;
}

/**
 * One cause, one incident: listens to health, groups what belongs together, keeps it, and lets people handle it.
 * What was open at the last stop is open again; what died meanwhile is found once the hub hears everything.
 */
export async function createIncidents(options: IncidentsOptions): Promise<Incidents> {
  const { db, clock, bus, log, audit, devices, health } = options;
  const store = createIncidentStore(db);
  const families = createFamilies(devices);
  const engine = createIncidentEngine({
    statusOf: health.conditionOf,
    parentOf: families.parentOf,
    childrenOf: families.childrenOf,
    districtOf: (num) => devices.byNum(num)?.districtId,
    commandedAt: options.commandedAt ?? (() => undefined),
    *devices() {
      for (const { num } of devices.all()) yield num;
    },
    newId: () => newId(clock.now()),
  });
  const rows = new Map<string, IncidentRow>();
  let unsaved: IncidentStep[] = [];
  let saving: Promise<void> = Promise.resolve();
  let handlings: Promise<void> = Promise.resolve();
  let busy = false;
  let failingSince: number | null = null;
  let retryAt = 0;

  const kept = await store.openIncidents();
  /** Until when open incidents are muted, UTC ms: whoever shows or tells them is told of the end. */
  const mutes = new Map<string, number>();
  for (const { row } of kept) {
    rows.set(row.id, row);
    if (row.mutedUntil !== null) mutes.set(row.id, row.mutedUntil);
  }
  engine.restore(kept.map(({ open }) => open));

  /** What the console shows follows at once; the database follows in the same order. */
  function note(steps: readonly IncidentStep[]): void {
    for (const step of steps) {
      if (step.step === 'open') {
        const { id, cause, root, reason, foundAtStart, openedAt } = step.incident;
        rows.set(id, {
          ...{ id, cause, root, reason, foundAtStart, openedAt, severity: severityOf(cause, 1) },
          ...{ clearedAt: null, resolvedAt: null, taken: null, mutedUntil: null },
        });
        continue;
      }
      const row = rows.get(step.incidentId);
      if (!row) continue;
      if (step.step === 'clear') row.clearedAt = step.at;
      if (step.step === 'return') row.clearedAt = null;
      if (step.step === 'close' || step.step === 'absorb') rows.delete(row.id);
    }
    if (steps.length > 0) unsaved.push(...steps);
  }

  /** Severities that are shown and not stored yet. */
  const severitiesDue = new Map<string, Severity>();
  function noteSeverities(steps: readonly IncidentStep[]): void {
    for (const id of new Set(
      steps.map((step) => (step.step === 'open' ? step.incident.id : step.incidentId)),
    )) {
      const row = rows.get(id);
      const incident = engine.get(id);
      if (!row || !incident) continue;
      const severity = severityOf(incident.cause, incident.members.size);
      if (severity !== row.severity) severitiesDue.set(id, severity);
      row.severity = severity;
    }
  }

  async function save(): Promise<void> {
    const steps = unsaved;
    unsaved = [];
    const ids = new Set(steps.map((step) => (step.step === 'open' ? step.incident.id : step.incidentId)));
    try {
      noteSeverities(steps);
      await store.write(steps, severitiesDue);
      severitiesDue.clear();
      if (failingSince !== null) log.info('incidents are stored again');
      failingSince = null;
      bus.emit('incident.changed', { ids: [...ids] });
    } catch (error) {
      if (failingSince === null) log.error({ err: messageOf(error) }, 'incidents cannot be stored');
      failingSince ??= clock.now();
      unsaved = [...steps, ...unsaved];
      retryAt = clock.monotonic() + RETRY_MS;
    }
  }

  function saveSoon(): void {
    if (busy || unsaved.length === 0 || clock.monotonic() < retryAt) return;
    busy = true;
    saving = saving.then(save).finally(() => {
      busy = false;
    });
  }

  const troubles = createOwnTroubles({
    ...{ clock, note, open: engine.openIncidents(), monitoring: health.monitoring, own: engine.own },
  });

  function endMutes(now: number): void {
    for (const [id, until] of mutes) {
      if (until > now && rows.has(id)) continue;
      mutes.delete(id);
      if (rows.has(id)) bus.emit('incident.changed', { ids: [id] });
    }
  }

  let offset = clock.now() - clock.monotonic();
  function followClock(): void {
    const jump = clock.now() - clock.monotonic() - offset;
    if (Math.abs(jump) < JUMP_MS) return;
    offset += jump;
    engine.clockJumped(jump);
  }

  function tick(): void {
    followClock();
    const now = clock.now();
    endMutes(now);
    if (troubles.waiting()) troubles.look();
    if (!engine.ready() && health.hearingFor() >= (options.startHoldMs ?? START_HOLD_MS))
      note(engine.reconcile(now));
    note(engine.tick(now));
    saveSoon();
  }

  async function handleNow(id: string, handler: Handler, handling: Handling): Promise<void> {
    saveSoon();
    await saving;
    // One that opened in this moment is shown already, and must be stored before it can be changed.
    const isNew = (step: IncidentStep) => step.step === 'open' && step.incident.id === id;
    while (failingSince === null && unsaved.some(isNew)) {
      saveSoon();
      await saving;
    }
    const row = rows.get(id);
    if (!row) {
      if (await store.get(id))
        throw new AppError('incident-resolved', 409, 'The incident is over: it cannot be changed any more.');
      throw notFound('incident', id);
    }
    const now = clock.now();
    const change = changeOf(row, handler, handling, now);
    // Nothing may slip in until it is stored: what fails again meanwhile is another incident, what was taken stays.
    const resolving = handling.action === 'resolve' ? engine.resolved(id) : undefined;
    if (resolving) rows.delete(id);
    if (handling.action === 'take') engine.setTaken(id, true);
    try {
      await keepHandling({ db, store, audit }, row, handler, handling, change, now);
    } catch (error) {
      if (resolving) {
        engine.restore([resolving]);
        rows.set(id, row);
      } else engine.setTaken(id, row.taken !== null);
      throw error;
    }
    Object.assign(row, change);
    engine.setTaken(id, row.taken !== null);
    if (row.mutedUntil === null || resolving) mutes.delete(id);
    else mutes.set(id, row.mutedUntil);
    bus.emit('incident.changed', { ids: [id] });
  }

  const unsubscribe = [
    bus.on('health.changed', (changes) => {
      for (const { num, status, since, reason } of changes) note(engine.status(num, status, reason, since));
      saveSoon();
    }),
    bus.on('monitoring.changed', troubles.look),
    bus.on('recording.disk', ({ place, state, reason }) => {
      const trouble = state === 'in-use' ? null : (reason ?? state);
      note(engine.own({ kind: 'disk', name: String(place) }, 'disk', trouble, clock.now()));
    }),
    bus.on('devices.changed', () => {
      families.changed();
      for (const incident of engine.openIncidents())
        for (const num of incident.members.keys())
          if (!devices.byNum(num)) note(engine.status(num, 'never-seen', 'none', clock.now()));
    }),
  ];
  const timer = setInterval(tick, TICK_MS);

  return {
    open: () =>
      engine.openIncidents().flatMap((incident) => {
        const row = rows.get(incident.id);
        return row ? [{ row, members: incident.members }] : [];
      }),
    async find(id) {
      return rows.get(id) ?? (await store.get(id));
    },
    resolved: store.resolved,
    members: store.members,
    extent: store.extent,
    notes: store.notes,
    handle(id, handler, handling) {
      // One after the other: who takes what somebody else is just taking is told so.
      const done = handlings.then(() => handleNow(id, handler, handling));
      handlings = done.catch(() => undefined);
      return done;
    },
    listening: engine.ready,
    failingSince: () => failingSince,
    async stop() {
      clearInterval(timer);
      for (const off of unsubscribe) off();
      await handlings;
      await saving;
      if (unsaved.length > 0) await save();
    },
  };
}
