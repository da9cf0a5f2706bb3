import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach } from 'vitest';
import type { Viewer } from '../../main/access/types.ts';
import type { AuditEvent } from '../../main/audit/types.ts';
import { Bitset } from '../../main/base/bitset.ts';
import { type AnswerBox, createAnswerBox } from '../../main/commands/answers.ts';
import { type Commands, createCommands } from '../../main/commands/commands.ts';
import type { StoredCommand } from '../../main/commands/store.ts';
import { report } from '../../main/commands/test-reports.ts';
import type { Run } from '../../main/commands/types.ts';
import { type CommandRequest, CommandStart } from '../../main/contract/command-preview.ts';
import type { CommandState } from '../../main/contract/command-runs.ts';
import type { HubEvents } from '../../main/contract/hub-events.ts';
import type { AckPayload } from '../../main/contract/mqtt-payloads.ts';
import { makeTestCity, type TestCity, testDevice } from '../../main/devices/test-city.ts';
import type { LatestReport } from '../../main/health/types.ts';
import { notConnected } from '../../main/mqtt/broker-errors.ts';
import type { OutboundMessage } from '../../main/mqtt/types.ts';

export const ivanov: Viewer = {
  ...{ sessionId: 's', personId: 'p1', name: 'Иванов', login: 'ivanov', from: '10.0.0.1' },
};
export const petrova: Viewer = { ...ivanov, personId: 'p2', name: 'Петрова' };
export const reboot: CommandRequest['command'] = { kind: 'reboot' };

/** Points below the switch `sw-1`: `ap-1` and on. There is a camera too, `cam-1`. */
export const POINTS = 20;
export const pointIds = (count: number): string[] => Array.from({ length: count }, (_, at) => `ap-${at + 1}`);

export interface Published {
  topic: string;
  requestId: string;
  expiresS: number;
  body: Record<string, unknown>;
}

/** What is so around the commands; a test changes it as it goes. */
export interface CommandWorld {
  reports: Map<number, Partial<LatestReport> & { details: LatestReport['details'] }>;
  /** Whoever may command the devices of the city. */
  allowed: Set<string>;
  /** A device that nobody may see. */
  hidden: string | undefined;
  brokerDown: boolean;
  /** Of the broker: whether it outlives the hub, and whether devices are there to hear it. */
  keeps: boolean;
  listening: boolean;
  hearingFor: number;
  storing: boolean;
}

/** Commands on a real database, between a broker and devices that do what the test says. */
export interface CommandDesk {
  readonly city: TestCity;
  readonly world: CommandWorld;
  /** Of the hub that runs now. */
  readonly commands: Commands;
  readonly box: AnswerBox;
  readonly recorded: AuditEvent[];
  readonly published: Published[];
  readonly told: HubEvents['command.changed'][];
  numOf(id: string): number;
  /** The device that a topic is of. */
  deviceOf(topic: string): string;
  start(token: string, more?: Partial<CommandStart>, viewer?: Viewer): Promise<Run>;
  /** Previews and starts. */
  begin(ids: string[], command?: CommandRequest['command'], more?: Partial<CommandStart>): Promise<Run>;
  /** One beat, and all that follows from it stored. */
  beat(ms?: number): Promise<void>;
  /** How many commands of the run stand how. */
  states(run: Run): Promise<Partial<Record<CommandState, number>>>;
  stored(run: Run): Promise<Run>;
  commandsOf(run: Run): Promise<StoredCommand[]>;
  /** The device restarts: another session, seen now. */
  restarted(id: string): void;
  answer(id: string, requestId: string, state: AckPayload['state'], reason?: string): void;
  /** Every device that was told since `from` accepts and restarts. */
  obey(from?: number): void;
  /** Entries of the log for commands that came to stand so. */
  steps(state: string): AuditEvent[];
  /** The hub ends; what answers come then wait in the letter box of the next one. */
  stopHub(): Promise<void>;
  /** Another hub starts on the same database. */
  startHub(): Promise<void>;
  stop(): Promise<void>;
}

const notAsked = () => Promise.reject(new Error('not asked for here'));

/** `db` and `send` stand before the database and the broker, where a test wants to be in between. */
export async function commandDesk(
  wrap: {
    db?: (db: TestCity['storage']['db']) => TestCity['storage']['db'];
    send?: (publish: () => void) => Promise<void>;
  } = {},
): Promise<CommandDesk> {
  const city = await makeTestCity();
  await city.devices.seed(
    [],
    [],
    [
      testDevice({ id: 'sw-1', kind: 'switch', name: 'Подвал' }),
      ...pointIds(POINTS).map((id) => testDevice({ id, kind: 'ap', parentId: 'sw-1' })),
      testDevice({ id: 'cam-1', kind: 'camera', parentId: 'sw-1' }),
    ],
  );
  const world: CommandWorld = {
    ...{ reports: new Map(), allowed: new Set(['p1', 'p2']), hidden: undefined, brokerDown: false },
    ...{ keeps: true, listening: true, hearingFor: 60_000, storing: true },
  };
  const recorded: AuditEvent[] = [];
  const published: Published[] = [];
  const told: HubEvents['command.changed'][] = [];
  city.bus.on('command.changed', (event) => told.push(event));
  let box = createAnswerBox();

  function all(): Bitset {
    const bits = new Bitset();
    for (const { num, id } of city.devices.all()) if (id !== world.hidden) bits.add(num);
    return bits;
  }
  const { db } = city.storage;
  const open = () =>
    createCommands({
      ...{ db: wrap.db?.(db) ?? db, clock: city.clock, bus: city.bus, log: city.log, devices: city.devices },
      ...{ city: 'moscow', keepDays: 30, listenMs: 35_000, beatMs: 3_600_000, answers: box },
      audit: {
        async append(_trx, event) {
          if (!world.storing) throw new Error('disk full');
          recorded.push(event);
        },
        ...{ record: notAsked, page: notAsked, chain: notAsked, verify: notAsked },
      },
      gate: {
        visible: ({ personId }, action) =>
          action === 'device.view' || world.allowed.has(personId) ? all() : new Bitset(),
      },
      personGate: {
        person: (id) => (id === 'gone' ? undefined : { id, login: id, name: 'Иванов', unit: '', number: '' }),
        may: (id) => (world.allowed.has(id) ? { allowed: true } : { allowed: false, reason: 'no-grant' }),
      },
      health: {
        latest: ({ num }) => ({ ...report(), ...world.reports.get(num) }),
        statusOf: () => ({ status: 'online', since: 0 }),
        hearingFor: () => world.hearingFor,
      },
      broker: {
        keeps: world.keeps,
        hears: () => world.listening,
        async send({ topic, payload, expiresS }: OutboundMessage) {
          if (world.brokerDown) throw notConnected();
          const body = JSON.parse(payload) as Record<string, unknown>;
          const publish = () =>
            void published.push({ topic, expiresS, body, requestId: String(body.requestId) });
          await (wrap.send ? wrap.send(publish) : publish());
        },
      },
    });
  let commands = await open();
  let running = true;

  const numOf = (id: string): number => {
    const device = city.devices.get(id);
    if (!device) throw new Error(`no device ${id}`);
    return device.num;
  };
  const deviceOf = (topic: string) => topic.split('/')[5] ?? '';
  const start: CommandDesk['start'] = (token, more = {}, viewer = ivanov) =>
    commands.start(viewer, CommandStart.parse({ token, key: randomUUID(), ...more }));
  const commandsOf: CommandDesk['commandsOf'] = ({ id }) => commands.store.commandsOfRun(id, { limit: 500 });
  const answer: CommandDesk['answer'] = (id, requestId, state, reason) =>
    box.take(
      numOf(id),
      { v: 1, id, session: 1, requestId, state, ...(reason === undefined ? {} : { reason }) },
      city.clock.now(),
    );
  const restarted = (id: string): void => {
    city.clock.advance(1);
    const now = city.clock.now();
    world.reports.set(numOf(id), {
      ...{ session: 2, lastSeenAt: now },
      details: report({ reportedAt: now, uptimeS: 1 }).details,
    });
  };
  async function stopHub(): Promise<void> {
    if (running) await commands.stop();
    running = false;
    box = createAnswerBox();
  }
  async function startHub(): Promise<void> {
    commands = await open();
    running = true;
  }

  return {
    ...{ city, world, recorded, published, told, numOf, deviceOf, start, commandsOf, answer, restarted },
    ...{ stopHub, startHub },
    get commands() {
      return commands;
    },
    get box() {
      return box;
    },
    async begin(ids, command = reboot, more = {}) {
      const { token } = await commands.preview(ivanov, { command, target: { deviceIds: ids } });
      return start(token, more);
    },
    async beat(ms = 250) {
      city.clock.advance(ms);
      commands.beat();
      await commands.settle();
      // What was stored may have been published, which is stored too.
      await commands.settle();
    },
    async states(run) {
      const counts: Partial<Record<CommandState, number>> = {};
      for (const { state } of await commandsOf(run)) counts[state] = (counts[state] ?? 0) + 1;
      return counts;
    },
    async stored({ id }) {
      const found = await commands.store.run(id);
      if (!found) throw new Error('the run is not stored');
      return found;
    },
    obey(from = 0) {
      for (const { topic, requestId } of published.slice(from)) {
        answer(deviceOf(topic), requestId, 'accepted');
        restarted(deviceOf(topic));
      }
    },
    steps: (state) => recorded.filter(({ kind, data }) => kind === 'command.step' && data.state === state),
    async stop() {
      await stopHub();
      await city.stop();
    },
  };
}

/** Gives every test of a file a desk of its own, and stops it afterwards. */
export function commandDeskForEach(use: (desk: CommandDesk) => void): void {
  let desk: CommandDesk | undefined;
  beforeEach(async () => {
    desk = await commandDesk();
    use(desk);
  });
  afterEach(async () => {
    await desk?.stop();
    desk = undefined;
  });
}
