import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SqliteConnection from 'better-sqlite3';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { Chart } from '../../main/contract/history.ts';
import { topicOf } from '../../main/mqtt/topics.ts';
import { until } from '../support/hub-process.ts';
import { type SmallHub, startSmallHub } from '../support/small-hub.ts';

const CAMERAS = 15;
const SWITCHES = 15;
/** Messages of a device, all within the burst that the hub takes of one. */
const EACH = 90;
const KILLED_AFTER = 900;
/** Messages carry the time they are of, so far apart, and reports a value that is found again there. */
const STEP_MS = 2_500;
const reportedAt = (i: number) => began - 250_000 + i * STEP_MS;
const temperatureOf = (device: number, i: number) => ((device * 31 + i * 7) % 600) / 10;

let small: SmallHub;
let began: number;
let sent = 0;

interface Message {
  device: string;
  i: number;
  kind: 'event' | 'state' | 'status';
  topic: string;
  payload: string;
}

const cameraIds = Array.from({ length: CAMERAS }, (_, n) => `kill-cam-${n}`);
const switchIds = Array.from({ length: SWITCHES }, (_, n) => `kill-sw-${n}`);

beforeAll(async () => {
  small = await startSmallHub('mqtt-kill');
  for (const id of cameraIds) await small.addDevice({ id, kind: 'camera', name: id });
  for (const id of switchIds) await small.addDevice({ id, kind: 'switch', name: id });
  began = Math.floor(Date.now() / STEP_MS) * STEP_MS;
});
afterAll(() => small.stop());

function messagesOf(device: string, n: number): Message[] {
  return Array.from({ length: EACH }, (_, at) => {
    const i = at + 1;
    const base = { v: 1, id: device, session: 7, seq: i, ts: reportedAt(i) };
    const [kind, payload] = device.startsWith('kill-sw')
      ? ['status' as const, { v: 1, id: device, online: i % 3 !== 0, session: Math.ceil(i / 3), ts: base.ts }]
      : i % 2 === 0
        ? ['event' as const, { ...base, type: `kill-${i}`, severity: 'info' }]
        : ['state' as const, { ...base, temperatureC: temperatureOf(n, i) }];
    const topic = topicOf('moscow', device.startsWith('kill-sw') ? 'switch' : 'camera', device, kind);
    return { device, i, kind, topic, payload: JSON.stringify(payload) };
  });
}

function birth(device: string, session: number): Message {
  const payload = JSON.stringify({ v: 1, id: device, online: true, session, ts: Date.now() });
  return {
    device,
    i: 3 * session,
    kind: 'status',
    topic: topicOf('moscow', 'switch', device, 'status'),
    payload,
  };
}

/** One connection a device, four messages on their way at a time, as a small device would have them. */
async function publishAll(
  queues: Map<string, Message[]>,
  acknowledged: (message: Message) => void,
): Promise<{ clients: MqttClient[]; done: Promise<void> }> {
  const clients = await Promise.all(
    [...queues].map(([device]) =>
      mqtt.connectAsync(`mqtt://127.0.0.1:${small.hub.mqttPort}`, {
        ...{ clientId: device, protocolVersion: 4, reconnectPeriod: 0 },
      }),
    ),
  );
  const worker = async (client: MqttClient, queue: Message[]) => {
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      queue.shift();
      sent += 1;
      try {
        await client.publishAsync(next.topic, next.payload, { qos: 1 });
      } catch {
        // The hub is dead: what was on its way is unacknowledged and is sent again.
        queue.unshift(next);
        return;
      }
      acknowledged(next);
    }
  };
  const workers = [...queues.values()].flatMap((queue, i) => {
    const client = clients[i];
    if (!client) throw new Error('no client');
    client.on('error', () => undefined);
    return Array.from({ length: 4 }, () => worker(client, queue));
  });
  return { clients, done: Promise.all(workers).then(() => undefined) };
}

it('killed with -9 under load, the embedded broker has lost nothing that it acknowledged', async () => {
  const queues = new Map(
    [...cameraIds, ...switchIds].map((id, n) => [id, messagesOf(id, n)] as [string, Message[]]),
  );
  const acked: Message[] = [];
  const first = await publishAll(queues, (message) => acked.push(message));
  onTestFinished(async () => {
    for (const client of first.clients) await client.endAsync(true);
  });
  await until('the load', () => (acked.length >= KILLED_AFTER ? true : undefined));
  await small.crash();
  const before = [...acked];
  for (const client of first.clients) await client.endAsync(true);
  await first.done;
  // What the journal brought back is written within seconds.
  const lost = await settled(before);
  console.log(
    `kill -9 under load: ${sent} messages sent on ${queues.size} connections, ${before.length} acknowledged, ${lost.length} of those lost`,
  );
  expect(lost).toEqual([]);
  // There was something to lose: of each kind, and more was on its way.
  for (const kind of ['event', 'state', 'status'] as const)
    expect(before.filter((message) => message.kind === kind).length).toBeGreaterThan(50);
  expect(before.length).toBeLessThan((CAMERAS + SWITCHES) * EACH);

  // Devices come back and say again what was not acknowledged, switches after a restart of their own: everything
  // is there, and once.
  for (const [id, queue] of queues) {
    queue.sort((a, b) => a.i - b.i);
    if (id.startsWith('kill-sw')) queue.splice(0, queue.length, birth(id, EACH));
  }
  const second = await publishAll(queues, (message) => acked.push(message));
  await second.done;
  for (const client of second.clients) await client.endAsync();
  expect(await settled(acked)).toEqual([]);
  const all = database((db) =>
    db.prepare("SELECT count(*) AS n FROM device_events WHERE type LIKE 'kill-%'").get(),
  );
  expect(all).toEqual({ n: CAMERAS * (EACH / 2) });
  expect(database((db) => db.prepare('SELECT count(*) AS n FROM session_resets').get())).toEqual({ n: 0 });
  expect(database((db) => db.prepare('SELECT count(*) AS n FROM quarantine').get())).toEqual({ n: 0 });
});

/** What is missing when nothing more comes in. */
async function settled(messages: readonly Message[]): Promise<string[]> {
  const limit = performance.now() + 60_000;
  for (;;) {
    const lost = await missing(messages);
    if (lost.length === 0 || performance.now() > limit) return lost;
    await sleep(500);
  }
}

/** What of this the hub, asked as anybody asks it, does not know. */
async function missing(messages: readonly Message[]): Promise<string[]> {
  const lost: string[] = [];
  for (const [n, id] of [...cameraIds, ...switchIds].entries()) {
    const own = messages.filter(({ device }) => device === id);
    const events = eventTypes(id);
    const reported = id.startsWith('kill-cam') ? await temperatures(id) : () => false;
    const session = sessionOf(id);
    for (const { i, kind } of own) {
      const found =
        kind === 'event'
          ? events.has(`kill-${i}`)
          : kind === 'state'
            ? reported(i, temperatureOf(n, i))
            : (session ?? 0) >= Math.ceil(i / 3);
      if (!found) lost.push(`${id} ${kind} ${i}`);
    }
  }
  return lost;
}

/** Whether the history has this value at the time of this report: a chart's stretch holds two of them at most. */
async function temperatures(id: string): Promise<(i: number, value: number) => boolean> {
  const from = reportedAt(0);
  const query = `metrics=temperature&from=${from}&to=${reportedAt(EACH + 1)}&points=2000`;
  const { stepMs, series } = Chart.parse(await small.admin.json(`/api/devices/${id}/history?${query}`));
  expect(stepMs).toBeLessThan(4 * STEP_MS);
  return (i, value) => {
    const bucket = Math.floor((reportedAt(i) - from) / stepMs);
    return [series[0]?.min[bucket], series[0]?.max[bucket]].includes(value);
  };
}

function database<T>(read: (db: SqliteConnection.Database) => T): T {
  const db = new SqliteConnection(join(small.hub.dataDir, 'kalancha.db'), { readonly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

const ofDevice = 'JOIN device d ON d.num = t.num WHERE d.id = ?';
const eventTypes = (id: string) =>
  new Set(
    z
      .array(z.object({ type: z.string() }))
      .parse(database((db) => db.prepare(`SELECT t.type FROM device_events t ${ofDevice}`).all(id)))
      .map(({ type }) => type),
  );
const sessionOf = (id: string) =>
  z
    .object({ session: z.number().nullable() })
    .optional()
    .parse(database((db) => db.prepare(`SELECT t.session FROM health_states t ${ofDevice}`).get(id)))
    ?.session;
