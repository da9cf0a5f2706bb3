import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { malformedSorts } from '../../fixtures/fleet/failures.ts';
import type { TruthReport } from '../../fixtures/fleet/truth.ts';
import type { DeviceHealth } from '../../main/contract/health.ts';
import type { Incident, IncidentList } from '../../main/contract/incidents.ts';
import { cityFolder } from '../support/city-folder.ts';
import { freePort } from '../support/free-port.ts';
import { type Client, signIn, temporaryFolder, until } from '../support/hub-process.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../support/small-hub.ts';

/** Its largest switch has forty devices on its ports. */
const size = { seed: 1, cameras: 3_000, accessPoints: 100 };
/** After the hub's hold of the start, in which nothing is told, and what fell silent in it is back. */
const CITY_BACK_S = 64;
const SCENARIOS = [
  ...['switch-down:at=6:for=40', 'flapping:at=4:for=11:every=12.5', 'dead:at=6', 'cut:at=6:for=40'],
  ...['flood:at=6:for=6', 'skew-seconds:at=0', 'skew-hours:at=0', 'clock-jump:at=20:for=20'],
  ...malformedSorts.map((sort) => `malformed-${sort}:at=5:for=300`),
  ...['duplicates:at=5:for=35', 'out-of-order:at=5:for=35', 'gaps:at=5:for=35', 'buffering:at=8:for=16'],
  ...['false-will:at=10', 'old-will:at=10', 'factory-reset:at=10:for=3', 'reboot:at=10:for=3'],
  `city-back:at=${CITY_BACK_S}:for=3`,
].join(',');
const CLI = fileURLToPath(new URL('../../fixtures/fleet/cli.ts', import.meta.url));
const USER = 'city';
const SECRET = 'lantern-0815';

const folder = temporaryFolder('fleet-hub-broker');
const truthFile = join(folder.dir, 'truth.json');
let broker: Awaited<ReturnType<typeof startMosquitto>> | undefined;
let small: SmallHub | undefined;
let fleet: ChildProcess | undefined;
let technician: Client;
let said = '';

const truth = () => JSON.parse(readFileSync(truthFile, 'utf8')) as TruthReport;
const victimsOf = (scenario: string) => {
  const act = truth().acts.find((one) => one.scenario === scenario);
  if (!act) throw new Error(`${scenario} did not happen`);
  return act;
};
const victim = (scenario: string) => victimsOf(scenario).devices[0] ?? '';
const healthOf = (id: string) => technician.json<DeviceHealth>(`/api/devices/${id}/health`);
const incidents = async () => (await technician.json<IncidentList>('/api/incidents')).items;
const subjectOf = ({ subject }: Incident) => ('id' in subject ? subject.id : subject.kind);
const named = (list: readonly Incident[]) =>
  list
    .map((one) => `${one.cause} ${subjectOf(one)}${one.subject.kind === 'hub' ? `: ${one.reason}` : ''}`)
    .sort();
const sum = (counts: TruthReport['sent'], ...sorts: (keyof TruthReport['sent'])[]) =>
  sorts.reduce((total, sort) => total + (counts[sort] ?? 0), 0);

/** The hub's counters of messages, by the name in the middle. */
async function counters(): Promise<Record<string, number>> {
  const text = await (await fetch(`${small?.hub.httpUrl}/metrics`)).text();
  return Object.fromEntries(
    [...text.matchAll(/^kalancha_health_(\w+)_total (\d+)$/gm)].map(([, name = '', value]) => [
      name,
      Number(value),
    ]),
  );
}

beforeAll(async () => {
  const port = await freePort();
  const url = `mqtt://127.0.0.1:${port}`;
  // Saving at each change, as other tests want it, is nothing for a whole city.
  const extra = 'autosave_on_changes false\nautosave_interval 1800\n';
  broker = await startMosquitto({ folder: folder.dir, port, user: USER, password: SECRET, extra });
  small = await startSmallHub(
    'fleet-hub',
    { KALANCHA_MQTT_URL: url, KALANCHA_MQTT_USER: USER, KALANCHA_MQTT_PASSWORD: SECRET },
    await cityFolder('fleet-hub', size),
  );
  await small.addPerson('technician', 'wifi-technician');
  technician = await signIn(small.hub.httpUrl, 'technician', PASSWORD);
  const { seed, cameras, accessPoints } = size;
  const numbers = { seed, cameras, 'access-points': accessPoints, rate: 500, births: 4_000, gateways: 2 };
  fleet = spawn(
    process.execPath,
    [
      ...[CLI, '--url', url, '--user', USER, '--mqtt', '5', '--failures', 'none', '--report', truthFile],
      ...Object.entries(numbers).flatMap(([name, value]) => [`--${name}`, String(value)]),
      ...['--scenario', SCENARIOS],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, MQTT_PASSWORD: SECRET } },
  );
  for (const stream of [fleet.stdout, fleet.stderr])
    stream?.on('data', (chunk) => {
      said += String(chunk);
    });
}, 240_000);

afterAll(async () => {
  if (fleet && fleet.exitCode === null) {
    const exited = once(fleet, 'exit');
    fleet.kill('SIGTERM');
    await exited;
  }
  await small?.stop();
  await broker?.stop();
  folder.remove();
});

it('the hub tells of each thing that happens in the city once, by its cause, and of nothing that did not', async () => {
  await until('the city to be there', () => (existsSync(truthFile) ? true : undefined));
  await until(
    'all that happens',
    () => (truth().acts.length >= SCENARIOS.split(',').length - 1 ? true : undefined),
    120_000,
  );
  // A device with a false Will is doubted until it speaks, and never more than that.
  const expected = [
    `device-offline ${victim('switch-down')}`,
    `device-offline ${victim('dead')}`,
    `device-offline ${victim('cut')}`,
    `flapping ${victim('flapping')}`,
    ...malformedSorts.map((sort) => `bad-data ${victim(`malformed-${sort}`)}`),
  ].sort();
  const list = await until(
    'the incidents',
    async () => {
      const found = await incidents();
      return named(found).join() === expected.join() ? found : undefined;
    },
    60_000,
  ).catch(async () => incidents());
  expect(named(list), said).toEqual(expected);

  const down = list.find((one) => subjectOf(one) === victim('switch-down'));
  const { below } = victimsOf('switch-down');
  expect(below).toHaveLength(40);
  expect(down).toMatchObject({ severity: 'critical', affected: { ever: 41 } });

  await until(
    'the city to come back',
    () => (truth().acts.some((one) => one.scenario === 'city-back') ? true : undefined),
    120_000,
  );
  const { sent } = truth();
  await until('all births again', () =>
    sum(truth().sent, 'birth') > sum(sent, 'birth') + 3_000 ? true : undefined,
  );
  // The same, and what is over is over: the whole city's return raised nothing.
  const after = await until('an end of what is over', async () => {
    const found = await incidents();
    const open = found.filter((one) => one.clearedAt === null).map(({ cause }) => cause);
    return open.includes('device-offline') && open.filter((cause) => cause === 'device-offline').length === 1
      ? found
      : undefined;
  });
  expect(named(after)).toEqual(expected);
}, 400_000);

it('what it knows of single devices is what they did', async () => {
  const skew = async (scenario: string) =>
    Math.round(((await healthOf(victim(scenario))).skewMs ?? 0) / 1000);
  expect(Math.abs((await skew('skew-seconds')) - 45)).toBeLessThan(20);
  expect(Math.abs((await skew('skew-hours')) + 10_800)).toBeLessThan(60);
  const flood = await healthOf(victim('flood'));
  expect(flood).toMatchObject({ status: 'online', malformed: { lastReason: 'too-many' } });
  const reasons = await Promise.all(
    malformedSorts.map(
      async (sort) => [sort, (await healthOf(victim(`malformed-${sort}`))).malformed] as const,
    ),
  );
  expect(Object.fromEntries(reasons.map(([sort, { lastReason }]) => [sort, lastReason]))).toEqual({
    'cut-short': 'not-json',
    'no-json': 'not-json',
    'wrong-type': 'wrong-field /uptimeS',
    'missing-field': 'wrong-field /session',
    'wrong-id': 'wrong-id',
    'too-deep': 'too-deep',
    'too-large': 'too-large',
    'wrong-topic': 'wrong-shard',
  });
  for (const scenario of [
    'duplicates',
    'out-of-order',
    'gaps',
    'buffering',
    'false-will',
    'old-will',
    'reboot',
    'factory-reset',
  ])
    expect(await healthOf(victim(scenario)), scenario).toMatchObject({
      status: 'online',
      malformed: { count: 0 },
    });
  const reset = await healthOf(victim('factory-reset'));
  expect(reset.session).toBeLessThan(truth().startedAt / 100);
  expect((await healthOf(victim('reboot'))).session).toBe(truth().startedAt + 1);
});

it('its counts are the truth', async () => {
  const ended = once(fleet ?? process, 'exit');
  fleet?.kill('SIGTERM');
  await ended;
  const { sent, acked, unanswered, lost, messages } = truth();
  const malformed = malformedSorts.map((sort) => `malformed:${sort}` as const);
  const flooded = messages[victim('flood')]?.flood ?? 0;
  const refused = (await healthOf(victim('flood'))).malformed.count;
  // A hundred at once and five a second are let through; the rest are counted against the device by name.
  expect(flooded).toBeGreaterThan(300);
  expect(flooded - refused).toBeGreaterThanOrEqual(100);
  expect(flooded - refused).toBeLessThan(250);
  const late = sum(sent, 'out-of-order', 'late');
  expect(sum(sent, 'late')).toBeGreaterThan(0);
  // In flight when the connections broke: whether the broker had it nobody can say.
  const doubt = Object.values(unanswered).reduce((total, count) => total + count, 0);
  const told = await until('the last messages', async () => {
    const now = await counters();
    return (now.quarantined ?? 0) >= sum(acked, ...malformed) + refused ? now : undefined;
  });
  expect(told.strangers).toBe(0);
  expect(told.quarantined).toBeLessThanOrEqual(sum(sent, ...malformed) + refused);
  expect(Math.abs((told.stale ?? 0) - late - sum(sent, 'duplicate'))).toBeLessThanOrEqual(doubt);
  expect(Math.abs((told.missed ?? 0) - lost - late - refused)).toBeLessThanOrEqual(doubt);
});
