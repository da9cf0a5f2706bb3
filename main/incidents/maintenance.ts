import type { Kysely } from 'kysely';
import { scopeCovers } from '../access/scope.ts';
import type { AuditLog } from '../audit/types.ts';
import type { Clock } from '../base/clock.ts';
import { AppError, messageOf, notFound } from '../base/errors.ts';
import type { EventBus } from '../base/event-bus.ts';
import { newId } from '../base/ids.ts';
import type { Logger } from '../base/logging.ts';
import { Scope } from '../contract/access.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { MaintenanceInput, MaintenanceWindow } from '../contract/incidents.ts';
import type { DeviceRecord, DeviceRegistry } from '../devices/types.ts';
import type { Health } from '../health/health.ts';
import type { Database } from '../storage/tables.ts';
import type { Handler } from './handling.ts';

const LOOK_EVERY_MS = 1_000;
/** Longest window, ms. */
const LONGEST_MS = 30 * 86_400_000;
/** Windows that run or will, of one person and of all: each is asked for every device. */
const MOST_A_PERSON = 50;
const MOST = 500;
/** Ended windows are listed for this long, ms. */
const LISTED_MS = 7 * 86_400_000;

export interface Maintenance {
  /** Windows that run, that will, and that ended within a week; newest first. */
  list(): Promise<MaintenanceWindow[]>;
  /** @throws AppError `maintenance-range`, `maintenance-many` */
  add(handler: Handler, input: MaintenanceInput): Promise<MaintenanceWindow>;
  /** Ends a window now; one that has not begun is taken back. @throws AppError `not-found` */
  end(handler: Handler, id: string): Promise<void>;
  get(id: string): Promise<MaintenanceWindow | undefined>;
  covers(device: DeviceRecord, at: number): boolean;
  stop(): void;
}

type Row = Database['maintenance_windows'];

const toWindow = (row: Row): MaintenanceWindow => ({
  id: row.id,
  scope: Scope.parse(JSON.parse(row.scope)),
  from: row.from_ms,
  until: row.until_ms,
  reason: row.reason,
  madeBy: { id: row.made_by, name: row.made_name },
  madeAt: row.made_at,
});

/** Stretches of time in which work goes on at devices: what they show is expected and raises nothing (rule 9). */
export async function createMaintenance(options: {
  db: Kysely<Database>;
  clock: Clock;
  bus: EventBus<HubEvents>;
  log: Logger;
  audit: AuditLog;
  devices: Pick<DeviceRegistry, 'byNum' | 'get'>;
  health: Pick<Health, 'maintenance'>;
}): Promise<Maintenance> {
  const { db, clock, bus, log, audit, devices, health } = options;
  let windows: MaintenanceWindow[] = [];
  let shown = '';

  async function load(): Promise<void> {
    const rows = await db
      .selectFrom('maintenance_windows')
      .selectAll()
      .where('until_ms', '>', clock.now() - LISTED_MS)
      .execute();
    windows = rows.map(toWindow);
  }

  const runningAt = (now: number) => windows.filter(({ from, until }) => from <= now && now < until);

  /** Asks for these devices, or all of them, whether work goes on at them. */
  function apply(running: readonly MaintenanceWindow[], nums?: readonly number[]): void {
    health.maintenance((num) => {
      const device = devices.byNum(num);
      return device !== undefined && running.some(({ scope }) => scopeCovers(scope, device));
    }, nums);
  }

  /** Tells health when another set of windows runs than before. */
  function look(): void {
    const running = runningAt(clock.now());
    const key = running.map(({ id }) => id).join(' ');
    if (key === shown) return;
    shown = key;
    apply(running);
    bus.emit('incident.changed', { ids: [] });
  }

  await load();
  look();
  const timer = setInterval(() => {
    try {
      look();
    } catch (error) {
      log.error({ err: messageOf(error) }, 'maintenance windows could not be applied');
    }
  }, LOOK_EVERY_MS);
  // Whom a window covers changes with where devices are; an edit of one asks for that one alone.
  const off = bus.on('devices.changed', ({ deviceIds }) => {
    if (shown === '') return;
    const nums = deviceIds?.flatMap((id) => devices.get(id)?.num ?? []);
    apply(runningAt(clock.now()), nums);
  });

  const entry = ({ personId, name, from }: Handler, window: MaintenanceWindow, change: string) => ({
    ...{ kind: 'maintenance.changed' as const, person: { id: personId, name }, from, subject: window.id },
    data: { change, scope: window.scope, from: window.from, until: window.until, reason: window.reason },
  });

  async function addNow(handler: Handler, input: MaintenanceInput): Promise<MaintenanceWindow> {
    const now = clock.now();
    if (input.until <= input.from || input.until <= now || input.until - input.from > LONGEST_MS)
      throw new AppError(
        'maintenance-range',
        400,
        'Maintenance ends after it begins, not in the past, and lasts at most 30 days.',
      );
    const standing = windows.filter(({ until }) => until > now);
    const mine = standing.filter(({ madeBy }) => madeBy.id === handler.personId);
    if (mine.length >= MOST_A_PERSON || standing.length >= MOST)
      throw new AppError(
        'maintenance-many',
        409,
        `Too many windows run or are to come (${MOST_A_PERSON} a person, ${MOST} together). End some, or announce one for a group or a district.`,
        { mine: MOST_A_PERSON, all: MOST },
      );
    const window: MaintenanceWindow = {
      ...input,
      id: newId(now),
      // What was down before cannot be explained away afterwards.
      from: Math.max(input.from, now),
      madeBy: { id: handler.personId, name: handler.name },
      madeAt: now,
    };
    await db.transaction().execute(async (trx) => {
      await trx
        .insertInto('maintenance_windows')
        .values({
          ...{ id: window.id, scope: JSON.stringify(window.scope), reason: window.reason },
          ...{ from_ms: window.from, until_ms: window.until },
          ...{ made_by: handler.personId, made_name: handler.name, made_at: now },
        })
        .execute();
      await audit.append(trx, entry(handler, window, 'added'));
    });
    await load();
    look();
    return window;
  }

  async function endNow(handler: Handler, id: string): Promise<void> {
    const window = windows.find((candidate) => candidate.id === id);
    const now = clock.now();
    if (!window || window.until <= now) throw notFound('maintenance window', id);
    await db.transaction().execute(async (trx) => {
      if (window.from > now) await trx.deleteFrom('maintenance_windows').where('id', '=', id).execute();
      else await trx.updateTable('maintenance_windows').set({ until_ms: now }).where('id', '=', id).execute();
      await audit.append(trx, entry(handler, window, 'ended'));
    });
    await load();
    look();
  }

  let last: Promise<unknown> = Promise.resolve();
  /** One change after the other: what a limit or a window is asked for must be what it is changed by. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const done = last.then(task);
    last = done.catch(() => undefined);
    return done;
  }

  return {
    async list() {
      await load();
      return [...windows].sort((a, b) => b.from - a.from);
    },
    add: (handler, input) => inTurn(() => addNow(handler, input)),
    end: (handler, id) => inTurn(() => endNow(handler, id)),
    async get(id) {
      return windows.find((window) => window.id === id);
    },
    covers: (device, at) =>
      windows.some(({ scope, from, until }) => from <= at && at < until && scopeCovers(scope, device)),
    stop() {
      clearInterval(timer);
      off();
    },
  };
}
