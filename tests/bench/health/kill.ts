import { join } from 'node:path';
import SqliteConnection from 'better-sqlite3';
import { connectAsync, type MqttClient } from 'mqtt';
import { topicOf } from '../../../main/mqtt/topics.ts';
import { atMost, type Figure, shown } from '../figures.ts';
import { pause } from '../video/proc.ts';
import type { BenchCity, CityDevice } from './city.ts';
import { type LoadedHub, someDevices, startLoadedHub } from './load.ts';
import { CITY, statusOf } from './messages.ts';
import type { HealthOptions } from './options.ts';

const TIMES = 3;
/** Each second so many of each kind, acknowledged by the broker. */
const A_SECOND = 200;
const KILLED_AFTER_MS = 5_000;
const GOES_ON_MS = 3_000;

/** What has to be found again: events by number, and devices of which one status or one answer is all that was ever heard. */
interface Sent {
  events: { id: string; session: number; seq: number }[];
  heard: Set<string>;
}

async function publishUntil(
  client: MqttClient,
  rest: CityDevice[],
  sent: Sent,
  stopped: () => boolean,
): Promise<void> {
  const session = Date.now();
  for (let seq = 1; !stopped(); seq++) {
    const [born, answering, speaker] = [rest.pop(), rest.pop(), rest.pop()];
    if (!born || !answering || !speaker) throw new Error('the city has too few devices');
    const send = (device: CityDevice, channel: 'event' | 'ack', payload: object) =>
      client.publishAsync(topicOf(CITY, device.kind, device.id, channel), JSON.stringify(payload), {
        qos: 1,
      });
    const ts = Date.now();
    const head = { v: 1, session, ts };
    const { topic, payload } = statusOf(born, session, true);
    await Promise.all([
      send(speaker, 'event', { ...head, id: speaker.id, seq, type: 'bench', severity: 'info' }),
      client.publishAsync(topic, payload, { qos: 1, retain: false }),
      send(answering, 'ack', { ...head, id: answering.id, requestId: `bench-${seq}`, state: 'done' }),
    ]);
    sent.events.push({ id: speaker.id, session, seq });
    sent.heard.add(born.id).add(answering.id);
    await pause(1000 / A_SECOND);
  }
}

async function killedOnce(
  loaded: LoadedHub,
  client: MqttClient,
  rest: CityDevice[],
  sent: Sent,
): Promise<number> {
  let stopped = false;
  const publishing = publishUntil(client, rest, sent, () => stopped);
  await pause(KILLED_AFTER_MS);
  const back = loaded.hub.crash();
  await back;
  await pause(GOES_ON_MS);
  stopped = true;
  await publishing;
  const replayed = /"entries":(\d+)/.exec(loaded.hub.hub.log())?.[1];
  return Number(replayed ?? 0);
}

/** Of what the broker acknowledged, what the hub's own database and API do not know. */
async function missing(loaded: LoadedHub, sent: Sent): Promise<{ events: number; heard: number }> {
  const viewer = await loaded.hub.viewer();
  let unheard = 0;
  for (const id of sent.heard) {
    const { status } = await viewer.json<{ status: string }>(`/api/devices/${id}/health`);
    if (status === 'never-seen') unheard += 1;
  }
  const db = new SqliteConnection(join(loaded.hub.hub.dataDir, 'kalancha.db'), { readonly: true });
  try {
    const find = db.prepare<[string, number, number]>(
      'select 1 from device_events join device on device.num = device_events.num where device.id = ? and session = ? and seq = ?',
    );
    const lost = sent.events.filter(({ id, session, seq }) => find.get(id, session, seq) === undefined);
    return { events: lost.length, heard: unheard };
  } finally {
    db.close();
  }
}

/** The hub is killed with -9 again and again under load while devices say what must not be lost. */
export async function kill(options: HealthOptions, city: BenchCity): Promise<Figure[]> {
  const needed = TIMES * (3 * A_SECOND * ((KILLED_AFTER_MS + GOES_ON_MS) / 1000 + 20) + 1);
  const devices = someDevices(city, needed);
  const loaded = await startLoadedHub(options, city, new Set(devices.map(({ id }) => id)));
  const client = await connectAsync(loaded.broker.url);
  try {
    const sent: Sent = { events: [], heard: new Set() };
    const rest = [...devices];
    let replayed = 0;
    let missed = 0;
    for (let i = 0; i < TIMES; i++) {
      replayed += await killedOnce(loaded, client, rest, sent);
      // Every device has spoken again by then, so that its gap shows.
      await pause(35_000);
      missed += await loaded.hub.metric('kalancha_health_missed_total');
    }
    await pause(3_000);
    const lost = await missing(loaded, sent);
    const baseline = `acknowledged by the broker while the hub was killed with -9 ${TIMES} times`;
    return [
      atMost('events lost', lost.events, 'messages', 0, `${sent.events.length} ${baseline}`),
      atMost('status and ack messages lost', lost.heard, 'messages', 0, `${sent.heard.size} ${baseline}`),
      {
        ...shown('state reports missed, by their numbers', missed / TIMES, 'reports a kill', baseline),
        note: 'at most: sent with QoS 0 while the hub was away, or taken just before, when its place was not stored yet',
      },
      shown('messages taken from the journal at the start', replayed / TIMES, 'messages a kill', baseline),
    ];
  } finally {
    await client.endAsync(true);
    await loaded.stop();
  }
}
