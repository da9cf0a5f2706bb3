import { join } from 'node:path';
import SqliteConnection from 'better-sqlite3';
import { connectAsync } from 'mqtt';
import { expect, it } from 'vitest';
import { topicOf } from '../../main/mqtt/topics.ts';
import { freePort } from '../support/free-port.ts';
import { statusPayload } from '../support/health-harness.ts';
import { temporaryFolder, until } from '../support/hub-process.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { startSmallHub } from '../support/small-hub.ts';

const USER = 'hub';
const PASSWORD = 'broker-password-1';
/** From several devices: one alone would be held back for saying so much at once. */
const SPEAKERS = ['ap-11', 'ap-12', 'ap-13', 'ap-14'];
const EVENTS = 320;

it('a hub killed with -9 under load has every status, event and answer that an external broker took', async () => {
  const folder = temporaryFolder('external-kill');
  const port = await freePort();
  // Without it mosquitto keeps a thousand messages for a hub that is away, and throws the others away.
  const extra = 'max_queued_messages 0\n';
  const broker = await startMosquitto({ folder: folder.dir, port, user: USER, password: PASSWORD, extra });
  const url = `mqtt://127.0.0.1:${port}`;
  const small = await startSmallHub('external-kill', {
    ...{ KALANCHA_MQTT_URL: url, KALANCHA_MQTT_USER: USER, KALANCHA_MQTT_PASSWORD: PASSWORD },
  });
  const client = await connectAsync(url, { username: USER, password: PASSWORD });
  try {
    for (const id of [...SPEAKERS, 'ap-2', 'ap-3']) await small.addDevice({ id, kind: 'ap', name: id });
    await until('the broker', () => small.hub.log().includes('connected to the broker') || undefined);
    const send = (id: string, channel: 'status' | 'event' | 'ack', payload: object) =>
      client.publishAsync(topicOf('moscow', 'ap', id, channel), JSON.stringify(payload), { qos: 1 });
    const head = (id: string, seq: number) => ({ v: 1, id, session: 7, seq, ts: Date.now() });
    const event = (seq: number) => {
      const id = SPEAKERS[seq % SPEAKERS.length] ?? '';
      return send(id, 'event', { ...head(id, seq), type: 'door', severity: 'info' });
    };

    const first = Array.from({ length: EVENTS / 2 }, (_, i) => event(i + 1));
    // The hub is in the middle of storing them.
    await Promise.all(first.slice(0, EVENTS / 4));
    const crashing = small.crash();
    const meanwhile = Array.from({ length: EVENTS / 2 }, (_, i) => event(EVENTS / 2 + i + 1));
    await send('ap-2', 'status', statusPayload('ap-2', 3));
    await send('ap-3', 'ack', { ...head('ap-3', 1), requestId: 'r-1', state: 'done' });
    await Promise.all([...first, ...meanwhile]);
    await crashing;

    await until('all events', () => {
      const database = new SqliteConnection(join(small.hub.dataDir, 'kalancha.db'), { readonly: true });
      try {
        const seqs = database
          .prepare<[], { seq: number }>('select seq from device_events order by seq')
          .all();
        return seqs.length >= EVENTS ? seqs.map(({ seq }) => seq) : undefined;
      } finally {
        database.close();
      }
    }).then((seqs) => expect(seqs).toEqual(Array.from({ length: EVENTS }, (_, i) => i + 1)));
    for (const id of ['ap-2', 'ap-3'])
      await until(`${id} to be heard`, async () => {
        const { status } = await small.admin.json<{ status: string }>(`/api/devices/${id}/health`);
        return status === 'never-seen' ? undefined : true;
      });
  } finally {
    await client.endAsync(true);
    await small.stop();
    await broker.stop();
    folder.remove();
  }
});
