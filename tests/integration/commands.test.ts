import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Viewer } from '../../main/access/types.ts';
import type { AuditEvent } from '../../main/audit/types.ts';
import { Bitset } from '../../main/base/bitset.ts';
import { systemClock } from '../../main/base/clock.ts';
import { createAnswerBox } from '../../main/commands/answers.ts';
import { type Commands, createCommands } from '../../main/commands/commands.ts';
import { CommandStart } from '../../main/contract/command-preview.ts';
import type { CommandSpec } from '../../main/contract/command-spec.ts';
import { openDeviceCredentials } from '../../main/health/device-credentials.ts';
import { createMqtt } from '../../main/mqtt/mqtt.ts';
import type { BrokerSettings } from '../../main/mqtt/settings.ts';
import { topicOf } from '../../main/mqtt/topics.ts';
import { type CommandDevice, commandDevice, type Obedience, obedient } from '../support/command-device.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { CITY, deviceRecord, recordsOnly, startHealth, temporaryFolder } from '../support/health-harness.ts';
import { startMosquitto } from '../support/mosquitto.ts';

const USER = 'hub';
const PASSWORD = 'correct horse battery';
const viewer: Viewer = { sessionId: 's', personId: 'p1', name: 'Иванов', login: 'ivanov', from: '10.0.0.1' };
const records = () => [deviceRecord(1, 'ap', 'ap-1'), deviceRecord(2, 'ap', 'ap-2')];
const notAsked = () => Promise.reject(new Error('not asked for here'));

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

interface Bench {
  commands: Commands;
  recorded: AuditEvent[];
  device(id: string, obey?: Obedience): Promise<CommandDevice>;
  /** One command to one device. */
  order(id: string, command: CommandSpec): Promise<{ runId: string }>;
  lives(
    runId: string,
    state: string,
  ): Promise<Awaited<ReturnType<Commands['store']['commandsOfRun']>>[number]>;
  /** What is waited for is over sooner than by the clock of everybody else. */
  skip(ms: number): void;
  /** When the hub heard the device of this number last, UTC ms. */
  seenAt(num: number): number | null;
  log(): string;
}

/** Health, commands and a real broker; devices speak to it as they would in the city. */
async function bench(kind: 'embedded' | 'mosquitto'): Promise<Bench> {
  const dataDir = temporaryFolder();
  stops.push(() => dataDir.remove());
  const devices = records();
  const answers = createAnswerBox();
  const hub = await startHealth({ dataDir: dataDir.path, devices, answers });
  stops.push(() => hub.stop());
  const credentials = await openDeviceCredentials({ db: hub.db, clock: systemClock });
  const port = kind === 'mosquitto' ? await freePort() : 0;
  if (kind === 'mosquitto') {
    const folder = temporaryFolder();
    stops.push(() => folder.remove());
    const mosquitto = await startMosquitto({ folder: folder.path, port, user: USER, password: PASSWORD });
    stops.push(() => mosquitto.stop());
  }
  const settings: BrokerSettings =
    kind === 'embedded'
      ? { kind, host: '127.0.0.1', port, anonymousLocal: false, credentials, connectionLimit: 20 }
      : {
          ...{ kind: 'external', address: `mqtt://127.0.0.1:${port}`, user: USER, password: PASSWORD },
          ...{ ca: null, clientId: 'kalancha-commands' },
        };
  const broker = await createMqtt({
    ...{ broker: settings, city: CITY, sink: hub.health.sink, clock: systemClock, log: hub.log.log },
  });
  stops.push(() => broker.stop());
  await eventually(() => expect(broker.link.downSince).toBeNull());

  let skipped = 0;
  const recorded: AuditEvent[] = [];
  const all = new Bitset();
  for (const { num } of devices) all.add(num);
  const commands = await createCommands({
    ...{ db: hub.db, bus: hub.bus, log: hub.log.log, broker, answers, city: CITY, keepDays: 30 },
    ...{ health: hub.health, listenMs: 0, beatMs: 20 },
    clock: { now: () => Date.now() + skipped, monotonic: () => performance.now() + skipped },
    audit: {
      append: async (_trx, event) => void recorded.push(event),
      ...{ record: notAsked, page: notAsked, chain: notAsked, verify: notAsked },
    },
    gate: { visible: () => all },
    personGate: {
      person: (id) => ({ id, login: id, name: 'Иванов', unit: '', number: '' }),
      may: () => ({ allowed: true }),
    },
    devices: {
      ...recordsOnly(devices),
      ...{ version: 0, names: notAsked, identities: notAsked, importCsv: notAsked },
      summaries: async (nums) =>
        devices
          .filter(({ num }) => nums.includes(num))
          .map(({ num, id, kind: of }) => ({ num, id, kind: of, name: id, address: '', status: 'online' })),
    },
  });
  stops.push(() => commands.stop());

  return {
    commands,
    recorded,
    log: hub.log.text,
    seenAt: (num) => hub.health.latest({ num }).lastSeenAt,
    skip(ms) {
      skipped += ms;
    },
    async device(id, obey = obedient) {
      const secret =
        kind === 'embedded'
          ? { username: id, password: await credentials.issue(id) }
          : { username: USER, password: PASSWORD };
      const made = commandDevice({
        ...{ city: CITY, kind: 'ap', id, credentials: secret, obey },
        protocolVersion: kind === 'embedded' ? 4 : 5,
      });
      stops.push(() => made.stop());
      await made.connect(broker.link.address);
      await eventually(() => expect(hub.statusOf(id)).toBe('online'));
      return made;
    },
    // What the device reported a moment ago may still be on its way to the hub.
    order: (id, command) =>
      eventually(async () => {
        const { token } = await commands.preview(viewer, { command, target: { deviceIds: [id] } });
        const run = await commands.start(viewer, CommandStart.parse({ token, key: randomUUID() }));
        return { runId: run.id };
      }),
    lives: (runId, state) =>
      eventually(async () => {
        const [command] = await commands.store.commandsOfRun(runId, { limit: 1 });
        if (command?.state !== state) throw new Error(`${command?.state}, not ${state}`);
        return command;
      }),
  };
}

const heard = (device: CommandDevice, count = 1) =>
  eventually(() => {
    const one = device.heard[count - 1];
    if (!one) throw new Error('no command came');
    return one;
  });
const deaf: Obedience = async () => {};

describe.each(['embedded', 'mosquitto'] as const)('commands through %s', (kind) => {
  it('are done once, answered, and believed when a state shows it', async () => {
    const { device, order, lives, recorded } = await bench(kind);
    const point = await device('ap-1');
    const { runId } = await order('ap-1', { kind: 'reboot' });
    const command = await lives(runId, 'confirmed');
    expect(command.before).toMatchObject({ uptimeS: 1_000 });
    expect(command.after?.session).toBeGreaterThan(command.before?.session ?? Number.POSITIVE_INFINITY);
    expect(point.heard).toHaveLength(1);
    const { packet, command: wire } = await heard(point);
    expect(packet).toMatchObject({ qos: 1, retain: false });
    expect(wire.expiresTs - Date.now()).toBeGreaterThan(100_000);
    if (kind === 'mosquitto')
      expect(packet.properties).toMatchObject({
        responseTopic: topicOf(CITY, 'ap', 'ap-1', 'ack'),
        correlationData: Buffer.from(wire.requestId),
        messageExpiryInterval: expect.any(Number),
      });
    const steps = recorded.filter(({ kind: of }) => of === 'command.step').map(({ data }) => data.state);
    expect(steps[0]).toBe('sent');
    expect(steps.at(-1)).toBe('confirmed');
    expect(point.refused).toEqual([]);
  });

  it('are rejected, said to be done twice, and answered late', async () => {
    const { device, order, lives, skip, commands } = await bench(kind);
    const point = await device('ap-1', deaf);
    const first = await order('ap-1', { kind: 'locate', on: true });
    const rejected = (await heard(point)).command.requestId;
    await point.answer(rejected, 'rejected', { reason: 'no lamp' });
    expect(await lives(first.runId, 'rejected')).toMatchObject({
      reason: 'device-said',
      deviceReason: 'no lamp',
    });
    // Nobody is left to go on with: there is nothing to stop.
    await eventually(async () => expect((await commands.store.run(first.runId))?.state).toBe('stopped'));

    const second = await order('ap-1', { kind: 'locate', on: true });
    const { requestId } = (await heard(point, 2)).command;
    // The device may hear it before the broker has told the hub that it took it.
    await eventually(async () => expect((await lives(second.runId, 'sent')).publishedAt).not.toBeNull());
    skip(131_000);
    expect(await lives(second.runId, 'expired')).toMatchObject({ reason: 'no-answer' });
    // Late, and several times over: the truth, once.
    for (let time = 0; time < 3; time++) await point.answer(requestId, 'done');
    const done = await lives(second.runId, 'done');
    await point.answer(requestId, 'done');
    await point.answer(rejected, 'done');
    point.state = { locating: true };
    await point.report();
    expect((await lives(second.runId, 'confirmed')).doneAt).toBe(done.doneAt);
    expect((await lives(first.runId, 'rejected')).deviceReason).toBe('no lamp');
  });

  it('are not believed on another device’s word, nor without any effect', async () => {
    const { device, order, lives, skip, commands, seenAt, log } = await bench(kind);
    const point = await device('ap-1', deaf);
    const liar = await device('ap-2', deaf);
    const { runId } = await order('ap-1', { kind: 'reboot' });
    const { requestId } = (await heard(point)).command;
    await liar.answer(requestId, 'rejected', { reason: 'lie' });
    await eventually(() => expect(commands.totals().strange).toBe(1));
    expect(log()).toContain('a device answered a command that it was not given');
    await lives(runId, 'sent');
    await point.answer(requestId, 'done');
    const done = await lives(runId, 'done');
    // It goes on reporting as if nothing had been.
    await eventually(async () => {
      await point.report();
      expect(seenAt(1)).toBeGreaterThan(done.doneAt ?? Number.POSITIVE_INFINITY);
    });
    skip(600_000);
    expect(await lives(runId, 'unconfirmed')).toMatchObject({ reason: 'no-effect' });
    expect((await commands.store.run(runId))?.state).not.toBe('done');
  });

  it('that a point takes back because it could not return are told as reverted', async () => {
    const { device, order, lives } = await bench(kind);
    const before = { radios: [{ band: '5', channel: 36, widthMHz: 20, txPowerDbm: 18 }] };
    const point = await device('ap-1', async (self, command) => {
      await self.answer(command.requestId, 'accepted');
      // Off the air with the new channel, and back with the old one.
      await self.answer(command.requestId, 'reverted', { reason: 'no broker on channel 44' });
      await self.report();
    });
    point.state = before;
    await point.report();
    const { runId } = await order('ap-1', { kind: 'radio', band: '5', channel: 44, widthMHz: 20 });
    const { command } = await heard(point);
    expect(command).toMatchObject({
      kind: 'radio',
      revertAfterS: 90,
      args: { band: '5', channel: 44, widthMHz: 20 },
    });
    expect(await lives(runId, 'reverted')).toMatchObject({
      ...{ deviceReason: 'no broker on channel 44', before: { channel: 36 } },
    });
  });
});

it('at the embedded broker a device hears and answers for itself alone', async () => {
  const { device, order, lives, commands } = await bench('embedded');
  const point = await device('ap-1', deaf);
  const liar = await device('ap-2', deaf);
  const { runId } = await order('ap-1', { kind: 'reboot' });
  await heard(point);
  expect(liar.heard).toEqual([]);
  expect(await liar.mayHear('ap-1')).toBe(false);
  expect(await liar.answerAs('ap-1', (await heard(point)).command.requestId, 'done')).toBe('cut off');
  await lives(runId, 'sent');
  expect(commands.totals().strange).toBe(0);
});
