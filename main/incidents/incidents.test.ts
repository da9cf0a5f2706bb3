import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent, AuditLog } from '../audit/types.ts';
import { manualClock } from '../base/clock.ts';
import { createEventBus, type EventBus } from '../base/event-bus.ts';
import { createLogger } from '../base/logging.ts';
import type { HealthStatus, StatusReason } from '../contract/health.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import { troubleOf } from '../contract/trouble.ts';
import type { DeviceRecord } from '../devices/types.ts';
import { openStorage, type Storage } from '../storage/database.ts';
import type { Commanded } from './engine-types.ts';
import { createIncidents, type Incidents } from './incidents.ts';

const technician = { personId: 'p1', name: 'Иванов', from: '127.0.0.1' };
const colleague = { personId: 'p2', name: 'Петров', from: '127.0.0.1' };
const T0 = Date.UTC(2026, 2, 29, 0, 59);

const record = (num: number, parentId: string | null): DeviceRecord => ({
  ...{ num, id: `d${num}`, kind: num === 1 ? 'switch' : 'ap', lat: 0, lon: 0, azimuthDeg: null },
  ...{ okrugId: 'cao', districtId: num === 9 ? 'kuntsevo' : 'arbat', groupIds: [], parentId },
});

let folder: string;
let storage: Storage;
let bus: EventBus<HubEvents>;
let incidents: Incidents;
const clock = manualClock(T0);
const records = [record(1, null), record(2, 'd1'), record(3, 'd1'), record(9, null)];
const statuses = new Map<number, { status: HealthStatus; reason: StatusReason; since: number }>();
const recorded: AuditEvent[] = [];
let brokerDownSince: number | null = null;
let unkeptSince: number | null = null;

const devices = {
  all: () => records,
  get: (id: string) => records.find((device) => device.id === id),
  byNum: (num: number) => records.find((device) => device.num === num),
};
const health = {
  conditionOf(num: number) {
    const { status, reason, since } = statuses.get(num) ?? {
      status: 'online',
      reason: 'reported',
      since: T0,
    };
    return { status, reason, since, base: status, heard: true };
  },
  hearingFor: () => 60_000,
  monitoring: () => ({
    broker: { kind: 'embedded' as const, address: '', downSince: brokerDownSince, error: null },
    ingestStalledSince: null,
    recorder: { failingSince: null, error: null, cameras: 0, recording: 0, freeBytes: null, disks: [] },
    history: {
      failingSince: unkeptSince,
      error: unkeptSince === null ? null : troubleOf('disk-full', 'database or disk is full'),
      lostBatches: 0,
    },
    clockJumpedAt: null,
    messagesPerSecond: 0,
    counts: { camera: {}, ap: {}, switch: {} },
  }),
};
const audit: Pick<AuditLog, 'append'> = {
  async append(_trx, event) {
    recorded.push(event);
  },
};

const failingDisk = (): HubEvents['recording.disk'] => ({
  ...{ place: 2, state: 'failing', reason: 'io-error', since: clock.now(), roomHours: null, folder: '/x' },
  ...{ problem: null, nextTryAt: null, heldBytes: 0, maxBytes: null },
  ...{ freeBytes: null, bytes: 0, minFreeBytes: 0, writeRate: 0, cameras: 0, findings: [], findingCount: 0 },
});

/** The command under way at device 9. */
let command: Commanded | undefined;

const start = () =>
  createIncidents({
    commandedAt: (num) => (num === 9 ? command : undefined),
    db: storage.db,
    clock,
    bus,
    log: createLogger('silent'),
    audit: { ...neverAsked, ...audit },
    devices,
    health,
  });
const notAsked = () => Promise.reject(new Error('not asked for here'));
const neverAsked = { record: notAsked, page: notAsked, chain: notAsked, verify: notAsked };

/** Lets the room's own timers run until it shows what is wanted. */
const until = (look: () => boolean): Promise<void> =>
  expect
    .poll(look, { timeout: 10_000, interval: 50 })
    .toBe(true)
    .then(() => undefined);

function becomes(num: number, status: HealthStatus, reason: StatusReason = 'heartbeat-missed'): void {
  const since = clock.now();
  statuses.set(num, { status, reason, since });
  bus.emit('health.changed', [{ num, deviceId: `d${num}`, status, reason, since }]);
}
const openOnes = () =>
  incidents.open().map(({ row, members }) => ({ cause: row.cause, root: row.root, down: members.size }));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kalancha-incidents-'));
  storage = await openStorage(folder);
  bus = createEventBus<HubEvents>((_name, error) => {
    throw error;
  });
  statuses.clear();
  recorded.length = 0;
  brokerDownSince = null;
  unkeptSince = null;
  command = undefined;
  incidents = await start();
});
afterEach(async () => {
  await incidents.stop();
  await storage.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('incidents', () => {
  it('are grouped, stored, and open again after a start', async () => {
    await until(() => incidents.listening());
    becomes(1, 'offline');
    becomes(2, 'offline');
    clock.advance(1_500);
    await until(() => incidents.open()[0]?.members.size === 2);
    expect(openOnes()).toEqual([{ cause: 'device-offline', root: { kind: 'device', num: 1 }, down: 2 }]);
    const before = incidents.open()[0]?.row;
    await incidents.stop();
    incidents = await start();
    expect(openOnes()).toEqual([{ cause: 'device-offline', root: { kind: 'device', num: 1 }, down: 2 }]);
    expect(incidents.open()[0]?.row).toEqual(before);
    expect((await incidents.notes(before?.id ?? '')).map((note) => note.kind)).toEqual(['opened']);
  });

  it('name the command that a device never came back from, and tell of no device that may yet', async () => {
    await until(() => incidents.listening());
    const sentAt = clock.now();
    command = { kind: 'reboot', personId: 'p1', personName: 'Иванов', sentAt, until: sentAt + 330_000 };
    becomes(9, 'offline');
    becomes(2, 'offline');
    clock.advance(5_000);
    await until(() => incidents.open().length > 0);
    expect(openOnes().map(({ root }) => root)).toEqual([{ kind: 'device', num: 2 }]);
    command = undefined;
    clock.advance(5_000);
    await until(() => incidents.open().length === 2);
    const { row, members } = incidents.open()[1] ?? {};
    expect(members?.get(9)?.since).toBe(sentAt);
    await expect
      .poll(async () => (await incidents.notes(row?.id ?? '')).map(({ kind, at, text }) => [kind, at, text]))
      .toEqual([
        ['opened', row?.openedAt, ''],
        ['commanded', sentAt, 'reboot'],
      ]);
  });

  it('that were there before the hub was are found at start', async () => {
    await incidents.stop();
    statuses.set(9, { status: 'offline', reason: 'will', since: T0 - 3_600_000 });
    incidents = await start();
    await until(() => incidents.open().length === 1);
    expect(incidents.open()[0]?.row).toMatchObject({ foundAtStart: true });
  });

  it('tell of the hub itself: the way to the devices, and disks', async () => {
    brokerDownSince = clock.now();
    bus.emit('monitoring.changed', undefined);
    bus.emit('recording.disk', failingDisk());
    // A broker that takes a breath is no incident.
    expect(openOnes().map(({ cause }) => cause)).toEqual(['disk']);
    clock.advance(10_000);
    await until(() => incidents.open().length === 2);
    expect(openOnes()).toEqual([
      { cause: 'disk', root: { kind: 'disk', name: '2' }, down: 0 },
      { cause: 'monitoring', root: { kind: 'hub', part: 'hearing' }, down: 0 },
    ]);
    brokerDownSince = null;
    bus.emit('monitoring.changed', undefined);
    expect(incidents.open().map(({ row }) => row.clearedAt === null)).toEqual([true, false]);
  });

  it('tell that values are not kept once that lasts, beside a deaf hub, and of its end by themselves', async () => {
    const fails = (since: number | null) => {
      unkeptSince = since;
      bus.emit('monitoring.changed', undefined);
    };
    fails(clock.now());
    clock.advance(59_000);
    fails(null);
    fails(clock.now());
    brokerDownSince = clock.now();
    bus.emit('monitoring.changed', undefined);
    clock.advance(10_000);
    await until(() => incidents.open().length === 1);
    expect(incidents.open()[0]?.row.cause).toBe('monitoring');
    clock.advance(50_000);
    await until(() => incidents.open().length === 2);
    const history = () => incidents.open().find(({ row }) => row.cause === 'history')?.row;
    expect(history()).toMatchObject({
      root: { kind: 'hub', part: 'history' },
      ...{ severity: 'warning', reason: 'disk-full', clearedAt: null },
    });
    // Kept over a restart, and told from the other by its cause.
    await incidents.stop();
    incidents = await start();
    expect(openOnes().map(({ root }) => root)).toEqual(
      expect.arrayContaining([
        { kind: 'hub', part: 'hearing' },
        { kind: 'hub', part: 'history' },
      ]),
    );
    fails(null);
    expect(history()?.clearedAt).toBe(clock.now());
    expect(incidents.open().filter(({ row }) => row.clearedAt === null)).toHaveLength(1);
    clock.advance(600_000);
    await until(() => history() === undefined);
  });
});

describe('handling', () => {
  async function one(): Promise<string> {
    await incidents.stop();
    statuses.set(9, { status: 'offline', reason: 'will', since: T0 });
    incidents = await start();
    await until(() => incidents.open().length === 1);
    return incidents.open()[0]?.row.id ?? '';
  }

  it('is kept as the history of the incident and put on record', async () => {
    const id = await one();
    await incidents.handle(id, technician, { action: 'take' });
    await incidents.handle(id, technician, { action: 'comment', text: 'Еду на место' });
    await incidents.handle(id, technician, { action: 'mute', until: clock.now() + 60_000 });
    await expect(incidents.handle(id, colleague, { action: 'take' })).rejects.toMatchObject({
      code: 'incident-taken',
    });
    await expect(incidents.handle(id, technician, { action: 'resolve' })).rejects.toMatchObject({
      code: 'incident-active',
    });
    expect(await incidents.find(id)).toMatchObject({
      taken: { personId: 'p1' },
      mutedUntil: clock.now() + 60_000,
    });
    becomes(9, 'online', 'reported');
    await until(() => incidents.open()[0]?.row.clearedAt !== null);
    await incidents.handle(id, technician, { action: 'resolve', text: 'Заменил блок питания' });
    expect(incidents.open()).toEqual([]);
    const notes = await incidents.notes(id);
    expect(notes.map((note) => [note.kind, note.person?.name ?? null])).toEqual([
      ['found-at-start', null],
      ['taken', 'Иванов'],
      ['comment', 'Иванов'],
      ['muted', 'Иванов'],
      ['cleared', null],
      ['resolved', 'Иванов'],
    ]);
    expect(recorded.map(({ kind, subject, data }) => [kind, subject, data.action])).toEqual(
      ['take', 'comment', 'mute', 'resolve'].map((action) => ['incident.handled', id, action]),
    );
    expect((await incidents.resolved(undefined, 9, 10)).map((row) => row.id)).toEqual([id]);
    expect(await incidents.resolved(undefined, 2, 10)).toEqual([]);
    await expect(incidents.handle(id, technician, { action: 'take' })).rejects.toMatchObject({
      code: 'incident-resolved',
    });
    await expect(incidents.handle('nothing', technician, { action: 'take' })).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe('two people at once', () => {
  it('do not both take an incident, not even one that opened in this moment', async () => {
    await until(() => incidents.listening());
    bus.emit('recording.disk', failingDisk());
    const id = incidents.open()[0]?.row.id ?? '';
    const outcomes = await Promise.allSettled([
      incidents.handle(id, technician, { action: 'take' }),
      incidents.handle(id, colleague, { action: 'take' }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'incident-taken' } });
    expect((await storage.db.selectFrom('incidents').select('taken_by').execute())[0]?.taken_by).toBe('p1');
  });
});

it('what could not be stored is stored later, how severe it is included', async () => {
  await until(() => incidents.listening());
  const children = Array.from({ length: 20 }, (_, at) => record(20 + at, 'd1'));
  records.push(...children);
  bus.emit('devices.changed', { deviceIds: null });
  try {
    await storage.db.schema.alterTable('incident_members').renameTo('members_gone').execute();
    for (const num of [1, ...children.map((child) => child.num)]) becomes(num, 'offline');
    clock.advance(1_500);
    await until(() => incidents.failingSince() !== null && incidents.open()[0]?.members.size === 21);
    await storage.db.schema.alterTable('members_gone').renameTo('incident_members').execute();
    clock.advance(5_000);
    await until(() => incidents.failingSince() === null);
    const id = incidents.open()[0]?.row.id ?? '';
    const kept = await storage.db
      .selectFrom('incidents')
      .select('severity')
      .where('id', '=', id)
      .executeTakeFirst();
    expect([incidents.open()[0]?.row.severity, kept?.severity]).toEqual(['critical', 'critical']);
  } finally {
    records.splice(-children.length);
  }
});

describe('resolving', () => {
  async function cleared(): Promise<string> {
    await until(() => incidents.listening());
    becomes(9, 'offline');
    clock.advance(1_500);
    await until(() => incidents.open().length === 1);
    const id = incidents.open()[0]?.row.id ?? '';
    becomes(9, 'online', 'reported');
    await until(() => incidents.open()[0]?.row.clearedAt !== null);
    return id;
  }

  it('by two at once happens once; what fails again meanwhile is another incident', async () => {
    const id = await cleared();
    const outcomes = Promise.allSettled(
      [technician, colleague].map((who) => incidents.handle(id, who, { action: 'resolve' })),
    );
    // While it is being stored.
    await expect.poll(() => incidents.open()).toEqual([]);
    becomes(9, 'offline');
    clock.advance(1_500);
    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await until(() => incidents.open().length === 1);
    expect(incidents.open()[0]?.row.id).not.toBe(id);
    expect((await incidents.notes(id)).filter(({ kind }) => kind === 'resolved')).toHaveLength(1);
  });

  it('that cannot be stored leaves the incident as it was', async () => {
    const id = await cleared();
    await storage.db.schema.alterTable('incident_notes').renameTo('notes_gone').execute();
    await expect(incidents.handle(id, technician, { action: 'resolve' })).rejects.toThrow(/incident_notes/);
    await storage.db.schema.alterTable('notes_gone').renameTo('incident_notes').execute();
    expect(incidents.open().map(({ row }) => [row.id, row.resolvedAt])).toEqual([[id, null]]);
    await incidents.handle(id, technician, { action: 'resolve' });
    expect(incidents.open()).toEqual([]);
  });
});

describe('muting', () => {
  it('ends by the clock, and whoever tells of incidents is told of the end', async () => {
    await until(() => incidents.listening());
    becomes(9, 'offline');
    clock.advance(1_500);
    await until(() => incidents.open().length === 1);
    const id = incidents.open()[0]?.row.id ?? '';
    await incidents.handle(id, technician, { action: 'mute', until: clock.now() + 60_000 });
    await incidents.stop();
    incidents = await start();
    const told: string[] = [];
    bus.on('incident.changed', ({ ids }) => told.push(...ids));
    clock.advance(59_000);
    await until(() => incidents.listening());
    expect(told).toEqual([]);
    clock.advance(1_000);
    await until(() => told.length > 0);
    expect(told).toEqual([id]);
    expect(await incidents.extent(id)).toEqual({ devices: 1, since: expect.any(Number) });
  });
});
