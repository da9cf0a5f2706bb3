import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { CommandPreview } from '../../main/contract/command-preview.ts';
import type { Command, CommandRun } from '../../main/contract/command-runs.ts';
import type { Monitoring } from '../../main/contract/health.ts';
import { type CommandDevice, commandDevice, type Obedience, obedient } from '../support/command-device.ts';
import { freePort } from '../support/free-port.ts';
import { temporaryFolder } from '../support/health-harness.ts';
import { type Client, signIn, until } from '../support/hub-process.ts';
import { startMosquitto } from '../support/mosquitto.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../support/small-hub.ts';

const POINTS = 12;
const ids = Array.from({ length: POINTS }, (_, at) => `ap-${at + 1}`);
const USER = 'hub';

const stops: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

interface City {
  small: SmallHub;
  technician: Client;
  grantId: string;
  points: CommandDevice[];
  /** After a start of the hub: signs the technician in anew, connects the devices where the broker is now. */
  again(): Promise<void>;
  preview(client: Client, body: unknown): Promise<CommandPreview>;
  start(token: string, more?: Record<string, unknown>): Promise<CommandRun>;
  run(id: string): Promise<CommandRun>;
}

/** A hub as people run it, with points that speak to its broker or to a mosquitto beside it. */
async function city(kind: 'embedded' | 'mosquitto', obey: Obedience): Promise<City> {
  const env: Record<string, string> = {};
  let credentials: { username: string; password: string } | undefined;
  if (kind === 'mosquitto') {
    const folder = temporaryFolder();
    stops.push(() => folder.remove());
    const port = await freePort();
    const mosquitto = await startMosquitto({ folder: folder.path, port, user: USER, password: PASSWORD });
    stops.push(() => mosquitto.stop());
    credentials = { username: USER, password: PASSWORD };
    Object.assign(env, {
      ...{ KALANCHA_MQTT_URL: `mqtt://127.0.0.1:${port}`, KALANCHA_MQTT_USER: USER },
      KALANCHA_MQTT_PASSWORD: PASSWORD,
    });
  }
  const small = await startSmallHub('commands', env);
  stops.push(() => small.stop());
  for (const id of ids) await small.addDevice({ id, kind: 'ap', name: `Точка ${id}` });
  const { grantId } = await small.addPerson('sidorov', 'wifi-technician');
  await small.addPerson('guest', 'agency-viewer');
  await small.addPerson('auditor', 'auditor');
  const points = ids.map((id) =>
    commandDevice({ city: 'moscow', kind: 'ap', id, obey, ...(credentials ? { credentials } : {}) }),
  );
  for (const point of points) stops.push(() => point.stop());
  const made: City = {
    ...{ small, grantId, points },
    technician: await signIn(small.hub.httpUrl, 'sidorov', PASSWORD),
    async again() {
      made.technician = await signIn(small.hub.httpUrl, 'sidorov', PASSWORD);
      for (const point of points) await point.connect(small.hub.mqttUrl);
    },
    async preview(client, body) {
      const answer = await client.send('POST', '/api/commands/preview', body);
      expect(answer.status).toBe(200);
      return (await answer.json()) as CommandPreview;
    },
    async start(token, more = {}) {
      const answer = await made.technician.send('POST', '/api/commands', {
        token,
        key: randomUUID(),
        ...more,
      });
      expect(answer.status).toBe(201);
      return (await answer.json()) as CommandRun;
    },
    run: (id) => made.technician.json<CommandRun>(`/api/commands/${id}`),
  };
  // Births that nobody keeps would be told to nobody before.
  await until('the broker', async () => {
    const { broker } = await small.admin.json<Monitoring>('/api/monitoring');
    return broker.downSince === null ? true : undefined;
  });
  await made.again();
  for (const id of ids)
    await until(`${id} online`, async () => {
      const { status } = await small.admin.json<{ status: string }>(`/api/devices/${id}`);
      return status === 'online' ? true : undefined;
    });
  return made;
}

const reboots = { command: { kind: 'reboot' }, target: { deviceIds: ids } };
const ended = (one: City, id: string) =>
  until(
    'the end of the run',
    async () => {
      const run = await one.run(id);
      return run.endedAt === null ? undefined : run;
    },
    90_000,
  );
const auditor = ({ small }: City) => signIn(small.hub.httpUrl, 'auditor', PASSWORD);
const sound = async (one: City) => {
  const answer = await (await auditor(one)).send('POST', '/api/audit/verify');
  return (await answer.json()) as { ok: boolean };
};

describe.each(['embedded', 'mosquitto'] as const)('a hub with %s', (kind) => {
  it('that is killed in the middle of a run goes on with it, and no device does anything twice', {
    timeout: 240_000,
  }, async () => {
    let told = 0;
    let halfWay = () => {};
    const half = new Promise<void>((resolve) => {
      halfWay = resolve;
    });
    const one = await city(kind, async (device, command, again) => {
      told += 1;
      if (again) return;
      // It does what it was told, whether or not anybody is left to hear its answer.
      void device.answer(command.requestId, 'accepted');
      device.done.add(command.requestId);
      void device.restart();
      void device.report();
      // The hub dies while the last stage is under way.
      if (told >= 3) halfWay();
    });
    const preview = await one.preview(one.technician, reboots);
    expect(preview).toMatchObject({ willRun: POINTS, stages: [1, 1, 10] });
    const key = randomUUID();
    const { id } = await one.start(preview.token, { key, reason: 'test' });
    await half;
    await one.small.hub.kill();
    await one.small.crash();
    await one.again();
    // The same order once more, as from a console that never had its answer.
    expect((await one.start('x'.repeat(43), { key })).id).toBe(id);
    const run = await ended(one, id).catch(async (error: unknown) => {
      throw new Error(JSON.stringify(await one.run(id)), { cause: error });
    });
    expect(run.state).toBe('done');
    const { items } = await one.technician.json<{ items: Command[] }>(
      `/api/commands/${id}/devices?limit=500`,
    );
    for (const point of one.points) {
      const mine = items.find(({ deviceId }) => deviceId === point.id);
      const requests = new Set(point.heard.map(({ command }) => command.requestId));
      expect([...requests]).toEqual([mine?.id]);
      expect(mine?.state).toBe('confirmed');
      expect(point.done.size).toBe(1);
    }
    expect(await sound(one)).toMatchObject({ ok: true });
  });
});

it('who may not command is refused, whose right is withdrawn is stopped, and consoles follow without asking', {
  timeout: 240_000,
}, async () => {
  const one = await city('embedded', obedient);
  const guest = await signIn(one.small.hub.httpUrl, 'guest', PASSWORD);
  expect((await guest.send('POST', '/api/commands/preview', reboots)).status).toBe(403);
  const messages: { type: string; runId?: string }[] = [];
  const socket = new WebSocket(`${one.small.hub.httpUrl.replace('http', 'ws')}/api/events`, {
    headers: { cookie: one.technician.cookie },
  });
  stops.push(() => socket.terminate());
  socket.on('message', (data) => messages.push(JSON.parse(String(data)) as (typeof messages)[number]));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'hello' }));

  const { token } = await one.preview(one.technician, reboots);
  const { id } = await one.start(token, { pauseBetweenStages: true });
  await until('the pause after the first', async () =>
    (await one.run(id)).state === 'paused' ? true : undefined,
  );
  await until('the console was told', () =>
    messages.some((message) => message.type === 'command' && message.runId === id) ? true : undefined,
  );
  expect((await guest.get(`/api/commands/${id}`)).status).toBe(404);
  expect((await guest.send('POST', `/api/commands/${id}/continue`)).status).toBe(403);

  // Somebody else goes on with it; it is still his order, and his right is gone.
  const { personId } = await one.small.addPerson('chief', 'wifi-technician');
  expect(personId).not.toBe('');
  const chief = await signIn(one.small.hub.httpUrl, 'chief', PASSWORD);
  expect((await one.small.admin.send('DELETE', `/api/access/grants/${one.grantId}`)).status).toBe(200);
  expect((await chief.send('POST', `/api/commands/${id}/continue`)).status).toBe(200);
  const stopped = await until('the run stopped', async () => {
    const run = await chief.json<CommandRun>(`/api/commands/${id}`);
    return run.state === 'stopped' ? run : undefined;
  });
  expect(stopped).toMatchObject({
    stateReason: 'right-withdrawn',
    counts: { confirmed: 1, cancelled: POINTS - 1 },
  });
  expect(one.points.flatMap(({ heard }) => heard)).toHaveLength(1);
  const metrics = await (await fetch(`${one.small.hub.httpUrl}/metrics`)).text();
  expect(metrics).toContain('kalancha_commands_ended{state="confirmed"} 1');
  expect(metrics).toContain('kalancha_commands_open 0');
  const log = await (await auditor(one)).json<{ items: { kind: string; data: Record<string, unknown> }[] }>(
    '/api/audit?limit=200',
  );
  const kinds = log.items.map(({ kind }) => kind);
  for (const expected of ['command.asked', 'command.step', 'command.run']) expect(kinds).toContain(expected);
  expect(await sound(one)).toMatchObject({ ok: true });
});
