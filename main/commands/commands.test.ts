import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../access/types.ts';
import type { AuditEvent } from '../audit/types.ts';
import { Bitset } from '../base/bitset.ts';
import { type CommandRequest, CommandStart } from '../contract/command-preview.ts';
import type { CommandState } from '../contract/command-runs.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { AckPayload } from '../contract/mqtt-payloads.ts';
import { makeTestCity, type TestCity, testDevice } from '../devices/test-city.ts';
import type { LatestReport } from '../health/types.ts';
import { notConnected } from '../mqtt/broker-errors.ts';
import type { OutboundMessage } from '../mqtt/types.ts';
import { createAnswerBox } from './answers.ts';
import { type Commands, createCommands } from './commands.ts';
import { createCommandedTimes } from './past-outages.ts';
import { radio, report } from './test-reports.ts';
import type { Run } from './types.ts';

const ivanov: Viewer = { sessionId: 's', personId: 'p1', name: 'Иванов', login: 'ivanov', from: '10.0.0.1' };
const petrova: Viewer = { ...ivanov, personId: 'p2', name: 'Петрова' };
const POINTS = 20;

let city: TestCity;
let commands: Commands;
let recorded: AuditEvent[];
let published: { topic: string; requestId: string; expiresS: number; body: Record<string, unknown> }[];
let reports: Map<number, Partial<LatestReport> & { details: LatestReport['details'] }>;
let told: HubEvents['command.changed'][];
/** Whoever may command the devices of the city. */
let allowed: Set<string>;
/** A device that nobody may see. */
let hidden: string | undefined;
let brokerDown: boolean;
/** Of the broker: whether it outlives the hub, and whether devices are there to hear it. */
let keeps: boolean;
let listening: boolean;
let hearingFor: number;
let storing: boolean;
const box = { current: createAnswerBox() };

const open = () =>
  createCommands({
    ...{ db: city.storage.db, clock: city.clock, bus: city.bus, log: city.log, devices: city.devices },
    ...{ city: 'moscow', keepDays: 30, listenMs: 35_000, beatMs: 3_600_000, answers: box.current },
    audit: {
      async append(_trx, event) {
        if (!storing) throw new Error('disk full');
        recorded.push(event);
      },
      record: notAsked,
      page: notAsked,
      chain: notAsked,
      verify: notAsked,
    },
    gate: {
      visible: ({ personId }, action) =>
        action === 'device.view' || allowed.has(personId) ? all() : new Bitset(),
    },
    personGate: {
      person: (id) => (id === 'gone' ? undefined : { id, login: id, name: 'Иванов', unit: '', number: '' }),
      may: (id) => (allowed.has(id) ? { allowed: true } : { allowed: false, reason: 'no-grant' }),
    },
    health: {
      latest: ({ num }) => ({ ...report(), ...reports.get(num) }),
      statusOf: () => ({ status: 'online', since: 0 }),
      hearingFor: () => hearingFor,
    },
    broker: {
      keeps,
      hears: () => listening,
      async send({ topic, payload, expiresS }: OutboundMessage) {
        if (brokerDown) throw notConnected();
        const body = JSON.parse(payload) as Record<string, unknown>;
        published.push({ topic, expiresS, body, requestId: String(body.requestId) });
      },
    },
  });
const notAsked = () => Promise.reject(new Error('not asked for here'));

function all(): Bitset {
  const bits = new Bitset();
  for (const { num, id } of city.devices.all()) if (id !== hidden) bits.add(num);
  return bits;
}

const numOf = (id: string): number => {
  const device = city.devices.get(id);
  if (!device) throw new Error(`no device ${id}`);
  return device.num;
};
const pointIds = (count: number) => Array.from({ length: count }, (_, at) => `ap-${at + 1}`);

beforeEach(async () => {
  city = await makeTestCity();
  await city.devices.seed(
    [],
    [],
    [
      testDevice({ id: 'sw-1', kind: 'switch', name: 'Подвал' }),
      ...pointIds(POINTS).map((id) => testDevice({ id, kind: 'ap', parentId: 'sw-1' })),
      testDevice({ id: 'cam-1', kind: 'camera', parentId: 'sw-1' }),
    ],
  );
  [recorded, published, told] = [[], [], []];
  reports = new Map();
  allowed = new Set(['p1', 'p2']);
  hidden = undefined;
  [brokerDown, hearingFor, storing] = [false, 60_000, true];
  [keeps, listening] = [true, true];
  city.bus.on('command.changed', (event) => told.push(event));
  box.current = createAnswerBox();
  commands = await open();
});
afterEach(async () => {
  await commands.stop();
  await city.stop();
});

const reboot: CommandRequest['command'] = { kind: 'reboot' };
const start = (token: string, more: Partial<CommandStart> = {}, viewer = ivanov) =>
  commands.start(viewer, CommandStart.parse({ token, key: randomUUID(), ...more }));
async function begin(ids: string[], command = reboot, more: Partial<CommandStart> = {}): Promise<Run> {
  const { token } = await commands.preview(ivanov, { command, target: { deviceIds: ids } });
  return start(token, more);
}
/** One beat, and all that follows from it stored. */
async function beat(ms = 250): Promise<void> {
  city.clock.advance(ms);
  commands.beat();
  await commands.settle();
  // What was stored may have been published, which is stored too.
  await commands.settle();
}
const all500 = { limit: 500 };
async function states(run: Run): Promise<Partial<Record<CommandState, number>>> {
  const counts: Partial<Record<CommandState, number>> = {};
  for (const { state } of await commands.store.commandsOfRun(run.id, all500))
    counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
const stored = async (run: Run) => {
  const found = await commands.store.run(run.id);
  if (!found) throw new Error('the run is not stored');
  return found;
};
/** The device restarts: another session, seen now. */
const restarted = (id: string) => {
  city.clock.advance(1);
  reports.set(numOf(id), {
    ...{ session: 2, lastSeenAt: city.clock.now() },
    details: report({ reportedAt: city.clock.now(), uptimeS: 1 }).details,
  });
};
const deviceOf = (topic: string) => topic.split('/')[5] ?? '';
const answer = (id: string, requestId: string, state: AckPayload['state'], reason?: string) =>
  box.current.take(
    numOf(id),
    { v: 1, id, session: 1, requestId, state, ...(reason === undefined ? {} : { reason }) },
    city.clock.now(),
  );
/** Every device that was told since `from` accepts and restarts. */
function obey(from = 0): void {
  for (const { topic, requestId } of published.slice(from)) {
    answer(deviceOf(topic), requestId, 'accepted');
    restarted(deviceOf(topic));
  }
}
const steps = (state: string) =>
  recorded.filter(({ kind, data }) => kind === 'command.step' && data.state === state);

describe('a run', () => {
  it('tells one device, a tenth, all: each stage waits until the one before is confirmed', async () => {
    const run = await begin(pointIds(POINTS));
    expect(run.stages).toEqual([1, 1, 18]);
    for (const total of [1, 2, 20]) {
      await beat();
      await beat();
      expect(published).toHaveLength(total);
      obey();
      await beat(1_000);
    }
    await beat();
    expect(await states(run)).toEqual({ confirmed: POINTS });
    expect(await stored(run)).toMatchObject({ state: 'done', stateReason: null });
    expect(new Set(published.map(({ requestId }) => requestId)).size).toBe(POINTS);
    expect(published[0]).toMatchObject({
      ...{ topic: 'kalancha/v1/moscow/6b/ap/ap-1/command', expiresS: 120 },
      body: { v: 1, id: 'ap-1', kind: 'reboot', args: {} },
    });
    // Each step is on record, by whom and for which device.
    expect(recorded[0]).toMatchObject({
      kind: 'command.asked',
      person: { id: 'p1' },
      from: '10.0.0.1',
      subject: run.id,
    });
    for (const state of ['sent', 'accepted', 'confirmed']) expect(steps(state)).toHaveLength(POINTS);
    expect(steps('sent')[0]).toMatchObject({ person: { id: 'p1' }, subject: 'ap-1' });
    expect(steps('confirmed')[0]?.person).toBeNull();
    expect(told.some(({ runId, nums }) => runId === run.id && nums.includes(numOf('ap-1')))).toBe(true);
  });

  it('begins with a device that is well and disturbs the fewest', async () => {
    for (const [at, id] of pointIds(3).entries())
      reports.set(numOf(id), { details: report({ clientCount: 9 - at }).details });
    // Nobody is on it, but its word is worth little: no proof for the others.
    reports.set(numOf('ap-4'), {
      base: 'bad-data',
      status: 'bad-data',
      details: report({ clientCount: 0 }).details,
    });
    const preview = await commands.preview(ivanov, { command: reboot, target: { deviceIds: pointIds(4) } });
    expect(preview.devices.map(({ id, clients }) => [id, clients])).toEqual([
      ['ap-3', 7],
      ['ap-2', 8],
      ['ap-1', 9],
      ['ap-4', 0],
    ]);
    expect(preview).toMatchObject({ willRun: 4, skipped: 0, clients: 24, stages: [1, 3] });
  });

  it('stops when the first device fails, and goes on or ends at a person’s word', async () => {
    const run = await begin(pointIds(POINTS));
    await beat();
    answer('ap-1', published[0]?.requestId ?? '', 'rejected', 'busy with 00:11:22:33:44:55');
    await beat();
    await beat();
    expect(await stored(run)).toMatchObject({ state: 'paused', stateReason: 'failures' });
    expect(published).toHaveLength(1);
    const [first] = await commands.store.commandsOfRun(run.id, all500);
    expect(first).toMatchObject({ state: 'rejected', deviceReason: 'busy with 00:11:22:xx:xx:xx' });

    told = [];
    await commands.resume(petrova, run.id);
    // Whoever sees one of its devices is told, though nothing happened at any of them.
    expect(told.flatMap(({ nums }) => nums)).toContain(numOf('ap-9'));
    await beat();
    await beat();
    expect(published).toHaveLength(2);
    await commands.halt(petrova, run.id);
    expect(await stored(run)).toMatchObject({ state: 'stopped', stateReason: 'person' });
    // What is under way is not called back, and still believed.
    obey(1);
    await beat();
    expect(await states(run)).toEqual({ rejected: 1, confirmed: 1, cancelled: 18 });
    expect(
      recorded
        .filter(({ kind }) => kind === 'command.run')
        .map(({ data, person }) => [data.state, person?.id]),
    ).toEqual([
      ['paused', undefined],
      ['running', 'p2'],
      ['stopped', 'p2'],
    ]);
    await expect(commands.halt(ivanov, run.id)).rejects.toMatchObject({ code: 'run-over' });
    await expect(commands.resume(ivanov, run.id)).rejects.toMatchObject({ code: 'run-not-paused' });
  });

  it('waits for a person between its stages when it was asked to', async () => {
    const run = await begin(pointIds(2), reboot, { pauseBetweenStages: true });
    await beat();
    obey();
    await beat(1_000);
    expect(await stored(run)).toMatchObject({ state: 'paused', stateReason: 'stage-ended', stage: 1 });
    await beat(60_000);
    expect(published).toHaveLength(1);
    await commands.resume(ivanov, run.id);
    await beat();
    expect(published).toHaveLength(2);
  });

  it('that everybody forgot is stopped after a day', async () => {
    const run = await begin(pointIds(2), reboot, { pauseBetweenStages: true });
    await beat();
    obey();
    await beat(1_000);
    await beat(24 * 3_600_000 + 1);
    expect(await stored(run)).toMatchObject({ state: 'stopped', stateReason: 'forgotten' });
    expect(await states(run)).toEqual({ confirmed: 1, cancelled: 1 });
  });

  it('takes another device for the proof when the first is gone by then', async () => {
    const run = await begin(pointIds(POINTS));
    reports.set(numOf('ap-1'), { base: 'offline', status: 'offline', details: report().details });
    await beat();
    await beat();
    expect(published.map(({ topic }) => deviceOf(topic))).toEqual(['ap-2']);
    expect(await states(run)).toMatchObject({ skipped: 1, sent: 1, waiting: 18 });
    expect((await stored(run)).stages).toEqual([2, 0, 18]);
  });

  it('ends at a right that was withdrawn in the middle, or with the account', async () => {
    const run = await begin(pointIds(POINTS));
    await beat();
    obey();
    allowed.delete('p1');
    await beat(1_000);
    await beat();
    expect(await stored(run)).toMatchObject({ state: 'stopped', stateReason: 'right-withdrawn' });
    expect(await states(run)).toEqual({ confirmed: 1, cancelled: 19 });
    expect(published).toHaveLength(1);
  });
});

describe('the silence that a command asks for', () => {
  const range = { from: 0, until: Number.MAX_SAFE_INTEGER };
  const times = () => createCommandedTimes(city.storage.db, city.clock)([numOf('ap-1')], range);

  it('is expected from the sending until the effect shows, and of restarts that worked it is kept', async () => {
    const run = await begin(['ap-1'], reboot, { expiresInS: 60 });
    expect(commands.cuttingOff(numOf('ap-1'))).toBeUndefined();
    await beat();
    const from = city.clock.now();
    const sent = { kind: 'reboot', personId: 'p1', personName: 'Иванов', sentAt: from };
    expect(commands.cuttingOff(numOf('ap-1'))).toEqual({ ...sent, until: from + 70_000 });
    expect(commands.cuttingOff(numOf('ap-2'))).toBeUndefined();
    answer('ap-1', published[0]?.requestId ?? '', 'accepted');
    // Four minutes, and three of its reports.
    expect(commands.cuttingOff(numOf('ap-1'))?.until).toBe(city.clock.now() + 330_000);
    restarted('ap-1');
    await beat();
    expect(await states(run)).toEqual({ confirmed: 1 });
    expect(commands.cuttingOff(numOf('ap-1'))).toBeUndefined();
    expect((await times()).get(numOf('ap-1'))).toEqual([{ from, until: city.clock.now() }]);
  });

  it('is no longer expected of a device that never came back, nor excused', async () => {
    const run = await begin(['ap-1']);
    await beat();
    answer('ap-1', published[0]?.requestId ?? '', 'accepted');
    reports.set(numOf('ap-1'), { base: 'offline', status: 'offline', details: report().details });
    await beat(329_000);
    expect(commands.cuttingOff(numOf('ap-1'))).toBeDefined();
    await beat(1_000);
    expect(await states(run)).toEqual({ failed: 1 });
    expect(commands.cuttingOff(numOf('ap-1'))).toBeUndefined();
    expect((await times()).size).toBe(0);
  });

  it('is asked for by no lamp and no network on air', async () => {
    await begin(['ap-1'], { kind: 'locate', on: true });
    await beat();
    expect(published).toHaveLength(1);
    expect(commands.cuttingOff(numOf('ap-1'))).toBeUndefined();
  });
});

describe('what was previewed is what runs', () => {
  it('once, for that person, and not for ever', async () => {
    const look = () => commands.preview(ivanov, { command: reboot, target: { deviceIds: ['ap-1'] } });
    const { token } = await look();
    await expect(start(token, {}, petrova)).rejects.toMatchObject({ code: 'preview-gone' });
    await start(token);
    await expect(start(token)).rejects.toMatchObject({ code: 'preview-gone' });
    const later = await look();
    city.clock.advance(5 * 60_000);
    await expect(start(later.token)).rejects.toMatchObject({ code: 'preview-gone' });
  });

  it('the same key twice, even at the same time, is one run', async () => {
    const { token } = await commands.preview(ivanov, { command: reboot, target: { deviceIds: ['ap-1'] } });
    const key = randomUUID();
    const [one, two] = await Promise.all([start(token, { key }), start(token, { key })]);
    const three = await start('x'.repeat(43), { key });
    expect([two.id, three.id]).toEqual([one.id, one.id]);
    expect(await commands.store.runs({ limit: 10 })).toHaveLength(1);
    // Somebody else's key is his own.
    await expect(start('x'.repeat(43), { key }, petrova)).rejects.toMatchObject({ code: 'preview-gone' });
  });

  it('a device has one command of a kind at a time: who is later is told so', async () => {
    const both = await Promise.all(
      [ivanov, petrova].map((viewer) =>
        commands.preview(viewer, { command: reboot, target: { deviceIds: pointIds(2) } }),
      ),
    );
    await start(both[0]?.token ?? '');
    await expect(start(both[1]?.token ?? '', {}, petrova)).rejects.toMatchObject({
      code: 'nothing-to-command',
    });
    const cycle = { kind: 'poe-cycle', offS: 5 } as const;
    const ports = { details: report({ uplink: { parentId: 'sw-1', port: '1', mbps: null } }).details };
    reports.set(numOf('ap-1'), ports);
    // Both are restarts; a lamp is not.
    const again = await commands.preview(petrova, { command: cycle, target: { deviceIds: ['ap-1'] } });
    expect(again.devices[0]?.skip).toBe('busy');
    const lamp = await commands.preview(petrova, {
      command: { kind: 'locate', on: true },
      target: { deviceIds: ['ap-1'] },
    });
    expect(lamp.devices[0]?.skip).toBeNull();
  });

  it('nobody floods the city: previews, runs and runs at a time are counted', async () => {
    const asked = pointIds(7).map((id) => begin([id]));
    const begun = await Promise.allSettled(asked);
    expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    await expect(begin(['ap-6'])).rejects.toMatchObject({ code: 'too-many-runs' });
    const look = () => commands.preview(petrova, { command: reboot, target: { deviceIds: ['ap-9'] } });
    for (let count = 0; count < 60; count++) await look();
    await expect(look()).rejects.toMatchObject({ code: 'commands-too-many', params: { seconds: 60 } });
    city.clock.advance(60_000);
    await look();
  });

  it('of a list’s filter takes the points, and what is not to be seen is not found', async () => {
    const byFilter = await commands.preview(ivanov, {
      command: reboot,
      target: { query: { parent: 'sw-1' } },
    });
    expect(byFilter.willRun).toBe(POINTS);
    const byId = await commands.preview(ivanov, {
      command: reboot,
      target: { deviceIds: ['ap-1', 'ap-1', 'nobody'] },
    });
    expect(byId.devices.map(({ id, skip }) => [id, skip])).toEqual([
      ['ap-1', null],
      ['nobody', 'not-found'],
    ]);
  });
});

describe('the broker and the store', () => {
  it('nothing goes out before it is stored', async () => {
    const run = await begin(['ap-1']);
    storing = false;
    await beat();
    await beat();
    expect(commands.failingSince()).not.toBeNull();
    expect(published).toHaveLength(0);
    expect(await states(run)).toEqual({ waiting: 1 });
    storing = true;
    await beat(1_500);
    expect(commands.failingSince()).toBeNull();
    expect(published).toHaveLength(1);
    expect(await states(run)).toEqual({ sent: 1 });
  });

  it('what the broker does not take is tried again, until it would be too late', async () => {
    const run = await begin(['ap-1'], reboot, { expiresInS: 10 });
    brokerDown = true;
    await beat();
    await beat(2_000);
    brokerDown = false;
    await beat(1_500);
    expect(published).toHaveLength(1);
    expect(await states(run)).toEqual({ sent: 1 });

    const other = await begin(['ap-2'], reboot, { expiresInS: 10 });
    brokerDown = true;
    await beat();
    await beat(11_000);
    brokerDown = false;
    await beat(10_000);
    expect(published).toHaveLength(1);
    const [lost] = await commands.store.commandsOfRun(other.id, all500);
    expect(lost).toMatchObject({ state: 'expired', reason: 'not-sent' });
  });

  it('what it does not have yet when the run is stopped never goes out, nor without the right to it', async () => {
    brokerDown = true;
    const stopped = await begin(['ap-1']);
    await beat();
    expect(await states(stopped)).toEqual({ sent: 1 });
    await commands.halt(ivanov, stopped.id);
    const withdrawn = await begin(['ap-2']);
    await beat();
    allowed.delete('p1');
    brokerDown = false;
    await beat(2_000);
    await beat(2_000);
    expect(published).toEqual([]);
    for (const run of [stopped, withdrawn]) expect(await states(run)).toEqual({ cancelled: 1 });
    expect(await stored(withdrawn)).toMatchObject({ state: 'stopped', stateReason: 'right-withdrawn' });
    const [command] = await commands.store.commandsOfRun(stopped.id, all500);
    expect(command).toMatchObject({ reason: 'run-stopped', sentAt: null });
  });

  it('a clock that is set back makes nobody wait longer', async () => {
    const run = await begin(['ap-1'], reboot, { expiresInS: 10 });
    await beat();
    city.clock.jump(-3_600_000);
    await beat(21_000);
    expect(await states(run)).toEqual({ expired: 1 });
  });

  it('while the hub hears nobody, nobody’s time runs out', async () => {
    const run = await begin(['ap-1']);
    await beat();
    hearingFor = 0;
    await beat(3_600_000);
    expect(await states(run)).toEqual({ sent: 1 });
    hearingFor = 35_000;
    await beat();
    expect(await states(run)).toEqual({ expired: 1 });
  });

  it('a hub that was killed goes on where it was, and sends nothing twice', async () => {
    const run = await begin(pointIds(POINTS));
    await beat();
    obey();
    await beat(1_000);
    brokerDown = true;
    await beat();
    expect(await states(run)).toEqual({ confirmed: 1, sent: 1, waiting: 18 });
    await commands.stop();
    // An answer that came while the last hub ended and was in its journal.
    box.current = createAnswerBox();
    answer('ap-1', published[0]?.requestId ?? '', 'done');
    expect(box.current.stored()).toBe(false);
    brokerDown = false;
    reports.set(numOf('ap-2'), { unknownSince: 1, details: report().details });
    commands = await open();
    await beat();
    // It was not heard yet: whatever went out now would be lost.
    expect(published).toHaveLength(1);
    reports.delete(numOf('ap-2'));
    await beat(2_000);
    expect(published.map(({ topic }) => deviceOf(topic))).toEqual(['ap-1', 'ap-2']);
    await commands.stop();
    commands = await open();
    await beat();
    await beat(5_000);
    expect(published).toHaveLength(2);
    obey(1);
    await beat(1_000);
    await beat();
    await beat();
    expect(published).toHaveLength(POINTS);
    obey(2);
    await beat(1_000);
    await beat();
    expect(await stored(run)).toMatchObject({ state: 'done' });
    expect(box.current.stored()).toBe(true);
  });

  describe('of a broker that forgets with the hub', () => {
    /** Commands to these points are with the broker, and the hub is killed before anybody answered. */
    async function killedAfter(ids: string[]): Promise<Run> {
      keeps = false;
      const run = await begin(ids);
      await beat();
      await commands.stop();
      box.current = createAnswerBox();
      listening = false;
      return run;
    }

    it('the new hub tells it once more, once somebody listens, and only once', async () => {
      const run = await killedAfter(['ap-1']);
      commands = await open();
      await beat();
      expect(published).toHaveLength(1);
      listening = true;
      for (let count = 0; count < 5; count++) await beat(2_000);
      expect(published).toHaveLength(2);
      expect(published[1]).toEqual({ ...published[0], expiresS: published[1]?.expiresS });
      answer('ap-1', published[0]?.requestId ?? '', 'accepted');
      await beat();
      await commands.stop();
      box.current = createAnswerBox();
      commands = await open();
      await beat(2_000);
      expect(published).toHaveLength(2);
      expect(await states(run)).toEqual({ accepted: 1 });
    });

    it.each([
      ['its time is over', () => city.clock.advance(120_000)],
      ['its answer waits in the journal', () => answer('ap-1', published[0]?.requestId ?? '', 'done')],
      ['its effect shows', () => restarted('ap-1')],
      ['whoever ordered it may no more', () => allowed.delete('p1')],
    ])('not when %s', async (_why, happens) => {
      await killedAfter(['ap-1']);
      happens();
      commands = await open();
      await commands.settle();
      listening = true;
      await expect.poll(() => box.current.stored()).toBe(true);
      await beat();
      await beat(2_000);
      expect(published).toHaveLength(1);
    });

    it('not what a person stopped before the restart, nor after it', async () => {
      keeps = false;
      const before = await begin(['ap-1']);
      await beat();
      await commands.halt(ivanov, before.id);
      const after = await killedAfter(['ap-2']);
      commands = await open();
      await beat();
      await commands.halt(ivanov, after.id);
      listening = true;
      await beat(2_000);
      expect(published).toHaveLength(2);
      // It may have them: an answer is still waited for.
      for (const run of [before, after]) expect(await states(run)).toEqual({ sent: 1 });
    });

    it('nothing is given away for nobody to hear', async () => {
      [keeps, listening] = [false, false];
      const run = await begin(['ap-1'], reboot, { expiresInS: 30 });
      await beat();
      await beat(20_000);
      expect(published).toEqual([]);
      listening = true;
      await beat();
      expect(published).toHaveLength(1);
      expect(await states(run)).toEqual({ sent: 1 });
    });
  });

  it('what is old is forgotten, the audit log aside', async () => {
    const run = await begin(['ap-1']);
    await beat();
    obey();
    await beat(1_000);
    await beat();
    expect((await stored(run)).state).toBe('done');
    await beat(30 * 86_400_000 + 1_000);
    await expect.poll(() => commands.store.run(run.id)).toBeUndefined();
    expect(await commands.store.commandsOfRun(run.id, all500)).toEqual([]);
  });
});

describe('answers', () => {
  it('of another device than was asked change nothing, and are counted', async () => {
    const run = await begin(['ap-1']);
    await beat();
    const requestId = published[0]?.requestId ?? '';
    answer('ap-2', requestId, 'done');
    answer('ap-2', randomUUID(), 'done');
    await beat();
    expect(await states(run)).toEqual({ sent: 1 });
    await expect.poll(() => commands.totals().strange).toBe(2);
    expect(city.logged()).toContain('a device answered a command that it was not given');
  });

  it('that nobody asked for do not fill the log', async () => {
    for (let count = 0; count < 50; count++) answer('ap-2', randomUUID(), 'done');
    await expect.poll(() => commands.totals().strange).toBe(50);
    city.clock.advance(60_000);
    answer('ap-2', randomUUID(), 'done');
    await expect.poll(() => commands.totals().strange).toBe(51);
    expect(city.logged().split('a device answered a command that it was not given')).toHaveLength(3);
    expect(city.logged()).toContain('"answers":50');
  });

  it('do not bring back a stopped run whose end could not be stored yet', async () => {
    const run = await begin(pointIds(POINTS));
    await beat();
    const requestId = published[0]?.requestId ?? '';
    answer('ap-1', requestId, 'accepted');
    await commands.settle();
    storing = false;
    restarted('ap-1');
    // It is, and he is told that it might not be for long.
    await expect(commands.halt(ivanov, run.id)).rejects.toMatchObject({ code: 'run-stop-not-stored' });
    await beat();
    await beat(2_000);
    answer('ap-1', requestId, 'done');
    answer('ap-1', requestId, 'reverted');
    await beat(2_000);
    storing = true;
    for (let count = 0; count < 4; count++) await beat(2_000);
    expect(await stored(run)).toMatchObject({ state: 'stopped' });
    expect(await states(run)).toEqual({ confirmed: 1, cancelled: POINTS - 1 });
    expect(published).toHaveLength(1);
  });

  it('after the run is over still tell the truth: it did accept, it did take it back', async () => {
    const channel = { kind: 'radio', band: '5', channel: 44, widthMHz: 20 } as const;
    reports.set(numOf('ap-1'), { details: report({ radios: [radio('5', 36)] }).details });
    const run = await begin(['ap-1'], channel);
    await beat();
    reports.set(numOf('ap-1'), {
      lastSeenAt: city.clock.now() + 1,
      details: report({ radios: [radio('5', 44)], reportedAt: city.clock.now() + 1 }).details,
    });
    await beat();
    await beat();
    expect(await stored(run)).toMatchObject({ state: 'done' });
    expect(await states(run)).toEqual({ confirmed: 1 });
    answer('ap-1', published[0]?.requestId ?? '', 'reverted', 'no way back');
    await expect.poll(() => states(run)).toEqual({ reverted: 1 });
    expect(steps('reverted')[0]?.data).toMatchObject({ deviceReason: 'no way back' });
  });
});

it('a power cycle is told to the switch and confirmed by the device that hangs there', async () => {
  reports.set(numOf('sw-1'), {
    skewMs: 600_000,
    details: report({
      ports: [{ ...{ port: '4', up: true, mbps: 100 }, ...{ poeOn: true, poeWatts: 5, peerId: 'cam-1' } }],
    }).details,
  });
  const cycle: CommandRequest = {
    ...{ command: { kind: 'poe-cycle', offS: 9 }, target: { deviceIds: ['cam-1'] } },
  };
  const shown = await commands.preview(ivanov, cycle);
  expect(shown.devices[0]?.via).toEqual({ id: 'sw-1', name: 'Подвал', port: '4' });
  // Of a switch that he may not see he is told nothing but its number, which the camera names.
  hidden = 'sw-1';
  expect((await commands.preview(ivanov, cycle)).devices[0]?.via?.name).toBe('sw-1');
  const run = await start(shown.token);
  await beat();
  expect(published[0]).toMatchObject({
    topic: expect.stringContaining('/switch/sw-1/command'),
    body: {
      id: 'sw-1',
      args: { port: '4', offS: 9, peerId: 'cam-1' },
      expiresTs: city.clock.now() + 720_000,
    },
  });
  // The camera has no say in it.
  answer('cam-1', published[0]?.requestId ?? '', 'rejected');
  answer('sw-1', published[0]?.requestId ?? '', 'done');
  await beat();
  expect(await states(run)).toEqual({ done: 1 });
  restarted('cam-1');
  await beat();
  expect(await states(run)).toEqual({ confirmed: 1 });
  const [command] = await commands.store.commandsOfDevice(numOf('cam-1'), all500);
  expect(command).toMatchObject({ executorId: 'sw-1', port: '4', state: 'confirmed' });
});
