import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cityDevices, idOf } from '../../fixtures/fleet/devices.ts';
import { ownConnections } from '../../fixtures/fleet/own-connections.ts';
import { AccessPointState, StatusPayload } from '../../main/contract/mqtt-payloads.ts';
import { parseTopic, shardOf } from '../../main/mqtt/topics.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/hub-process.ts';
import { startMosquitto } from '../support/mosquitto.ts';

const CLI = fileURLToPath(new URL('../../fixtures/fleet/cli.ts', import.meta.url));
const USER = 'fleet';
const PASSWORD = 'street-lamp-4711';
const size = { seed: 9, cameras: 60, accessPoints: 12 };
const devices = cityDevices(size);
const own = [...ownConnections(devices)].map((device) => idOf(devices, device));

interface Heard {
  topic: string;
  payload: string;
  retained: boolean;
}

/** Hears everything on the broker from now on; what it kept comes first, marked as retained. */
async function listenTo(url: string): Promise<{ heard: Heard[]; client: MqttClient }> {
  const heard: Heard[] = [];
  const client = await connectAsync(url, { username: USER, password: PASSWORD, reconnectPeriod: 200 });
  client.on('message', (topic, payload, { retain }) =>
    heard.push({ topic, payload: payload.toString(), retained: retain }),
  );
  await client.subscribeAsync('kalancha/v1/#', { qos: 1 });
  return { heard, client };
}

const statusCheck = TypeCompiler.Compile(StatusPayload);
const pointCheck = TypeCompiler.Compile(AccessPointState);

/** What was said on status topics, checked against the contract. */
const statuses = (heard: readonly Heard[]) =>
  heard
    .filter(({ topic }) => topic.endsWith('/status'))
    .map(({ topic, payload, retained }) => {
      const value: unknown = JSON.parse(payload);
      if (!statusCheck.Check(value)) throw new Error(`no status: ${payload}`);
      const parsed = parseTopic(topic);
      expect(parsed).toMatchObject({ city: 'moscow', deviceId: value.id, shard: shardOf(value.id) });
      return { ...value, retained };
    });

const births = (heard: readonly Heard[]) =>
  new Set(
    statuses(heard)
      .filter(({ online }) => online)
      .map(({ id }) => id),
  );

describe('the simulated fleet at a real broker', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-'));
  let broker: Awaited<ReturnType<typeof startMosquitto>>;
  let url = '';
  let fleet: ChildProcess | undefined;
  let said = '';

  function startFleet(...more: string[]): void {
    said = '';
    const sizes = ['--cameras', String(size.cameras), '--access-points', String(size.accessPoints)];
    const child = spawn(
      process.execPath,
      [CLI, '--url', url, '--user', USER, ...sizes, '--seed', '9', '--rate', '100', ...more],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, MQTT_PASSWORD: PASSWORD } },
    );
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said += String(chunk);
      });
    fleet = child;
  }

  /** Ids born on the wire since then, whether the broker tells it live or as what it kept. */
  const bornSince = (heard: readonly Heard[], since: number) =>
    new Set(
      statuses(heard)
        .filter(({ online, ts }) => online && (ts ?? 0) >= since)
        .map(({ id }) => id),
    );

  async function endFleet(signal: NodeJS.Signals): Promise<number | null> {
    const child = fleet;
    fleet = undefined;
    if (!child) throw new Error('no fleet runs');
    const exited = once(child, 'exit');
    child.kill(signal);
    return (await exited)[0];
  }

  beforeAll(async () => {
    const port = await freePort();
    url = `mqtt://127.0.0.1:${port}`;
    broker = await startMosquitto({ folder, port, user: USER, password: PASSWORD });
  });
  afterAll(async () => {
    if (fleet) await endFleet('SIGKILL');
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('announces every device with a kept birth and reports in turns, counters growing', async () => {
    startFleet('--failures', 'none');
    const { heard, client } = await listenTo(url);
    await until('all births', () => (births(heard).size === devices.count ? true : undefined));
    const pointStates = () =>
      heard
        .filter(({ topic }) => topic.endsWith('/ap/ap-0001/state'))
        .map(({ payload }): unknown => JSON.parse(payload))
        .map((state) => {
          if (!pointCheck.Check(state)) throw new Error(`no state: ${JSON.stringify(state)}`);
          return state;
        });
    const states = await until('reports of a point', () => {
      const list = pointStates();
      return list.length >= 3 ? list : undefined;
    });
    expect(states.map(({ seq }) => seq)).toEqual(states.map((_, i) => (states[0]?.seq ?? 0) + i));
    expect(new Set(states.map(({ session }) => session)).size).toBe(1);
    const busy = states.map(({ radios }) => radios?.[0]?.busyMs ?? 0);
    for (const [i, value] of busy.entries()) if (i > 0) expect(value).toBeGreaterThan(busy[i - 1] ?? 0);
    await client.endAsync();

    const later = await listenTo(url);
    await until('kept births', () =>
      births(later.heard.filter(({ retained }) => retained)).size === devices.count ? true : undefined,
    );
    expect(later.heard.filter(({ topic, retained }) => retained && topic.endsWith('/state'))).toEqual([]);
    await later.client.endAsync();
  });

  it('comes back with all births when the broker was gone', async () => {
    const killedAt = Date.now();
    await broker.kill();
    await until('word of the loss', () => (said.includes('trouble with the broker') ? true : undefined));
    await broker.start();
    const { heard, client } = await listenTo(url);
    // Some may be born again before the listener is there.
    await until('births again', () => (bornSince(heard, killedAt).size === devices.count ? true : undefined));
    await client.endAsync();
  });

  it('killed, its devices with connections of their own are gone by their Wills, and only they', async () => {
    const { heard, client } = await listenTo(url);
    await until('reports', () => (heard.some(({ topic }) => topic.endsWith('/state')) ? true : undefined));
    heard.length = 0;
    await endFleet('SIGKILL');
    const gone = () =>
      statuses(heard)
        .filter(({ online, retained }) => !online && !retained)
        .map(({ id }) => id);
    await until('Wills', () => (gone().length >= own.length ? true : undefined));
    expect(gone().sort()).toEqual([...own].sort());
    await client.endAsync();
  });

  it('ended, it says goodbye: no Will, a code of 0', async () => {
    const { heard, client } = await listenTo(url);
    startFleet('--failures', 'none');
    await until('births', () =>
      births(heard.filter(({ retained }) => !retained)).size === devices.count ? true : undefined,
    );
    heard.length = 0;
    expect(await endFleet('SIGTERM')).toBe(0);
    await client.publishAsync('kalancha/v1/moscow/00/gateway/last/status', 'end', { qos: 1 });
    await until('the last message', () =>
      heard.some(({ payload }) => payload === 'end') ? true : undefined,
    );
    expect(
      statuses(heard.filter(({ payload }) => payload !== 'end')).filter(({ online }) => !online),
    ).toEqual([]);
    await client.endAsync();
  });

  it('tells of failures from the start, the same at each run', async () => {
    const lost = async () => {
      const { heard, client } = await listenTo(url);
      startFleet('--failures', 'many');
      const live = () => statuses(heard.filter(({ retained }) => !retained));
      await until('births', () =>
        new Set(live().map(({ id }) => id)).size >= devices.count - 3 ? true : undefined,
      );
      // A second of reports: the last births have come too.
      const before = heard.length;
      await until('reports', () => (heard.length > before + 100 ? true : undefined));
      const ids = live().filter(({ online }) => !online);
      await endFleet('SIGTERM');
      await client.endAsync();
      return [...new Set(ids.map(({ id }) => id))].sort();
    };
    const first = await lost();
    expect(first.length).toBeGreaterThan(0);
    expect(await lost()).toEqual(first);
  });

  it('says what is wrong with its options', async () => {
    fleet = spawn(process.execPath, [CLI, '--url', 'http://127.0.0.1:1'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    fleet.stderr?.on('data', (chunk) => {
      complaint += String(chunk);
    });
    expect((await once(fleet, 'close'))[0]).toBe(2);
    fleet = undefined;
    expect(complaint).toContain('mqtt://127.0.0.1:1883');
  });
});
