import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CommandPreview } from '../../main/contract/command-preview.ts';
import type { Command, CommandRun } from '../../main/contract/command-runs.ts';
import type { DeviceHealth } from '../../main/contract/health.ts';
import { makeAuthority } from '../support/certificates.ts';
import { cityFolder } from '../support/city-folder.ts';
import { disagreements, type FleetProcess, startFleetProcess, statusesOf } from '../support/fleet-process.ts';
import { freePort } from '../support/free-port.ts';
import { type Client, signIn, temporaryFolder, until } from '../support/hub-process.ts';
import { PASSWORD, type SmallHub, startSmallHub } from '../support/small-hub.ts';

/**
 * A fleet at the hub's own broker over TLS, each device by a secret of its own: what happens to it, how it answers
 * commands, well and badly, and what is left of it when the hub is killed.
 */
const size = { seed: 1, cameras: 60, accessPoints: 30 };
/** Without a secret they have no way in. */
const SHUT_OUT = new Set(['cam-000001', 'cam-000002', 'cam-000003']);
/** Late enough that all have come by then, on a busy machine too. */
const SCENARIOS = ['switch-down:at=12', 'dead:at=12', 'cut:at=12', 'flood:at=12:for=5'];
const MANNERS = ['twice', 'astray', 'never', 'rejects', 'idle', 'lies'] as const;

const folder = temporaryFolder('fleet-embedded');
let small: SmallHub;
let technician: Client;
let fleet: FleetProcess;

beforeAll(async () => {
  const city = await makeAuthority(folder.dir, 'authority');
  const { certFile, keyFile } = await city.issue('broker', '127.0.0.1');
  const config = join(folder.dir, 'hub.json');
  writeFileSync(config, JSON.stringify({ mqtt: { anonymousLoopback: false, tls: { certFile, keyFile } } }));
  // The same port after a kill.
  const args = ['--config', config, '--mqtt-port', String(await freePort())];
  small = await startSmallHub('fleet-embedded', {}, await cityFolder('fleet-embedded', size), args);
  await small.addPerson('technician', 'wifi-technician');
  technician = await signIn(small.hub.httpUrl, 'technician', PASSWORD);

  const secrets: Record<string, string> = {};
  for (const id of (await statusesOf(technician)).keys()) {
    if (SHUT_OUT.has(id)) continue;
    const answer = await small.admin.send('POST', `/api/devices/${id}/mqtt-secret`);
    expect(answer.status).toBe(200);
    const { user, secret } = (await answer.json()) as { user: string; secret: string };
    secrets[user] = secret;
  }
  const secretsFile = join(folder.dir, 'secrets.json');
  writeFileSync(secretsFile, JSON.stringify(secrets), { mode: 0o600 });
  const { seed, cameras, accessPoints } = size;
  fleet = startFleetProcess(join(folder.dir, 'truth.json'), {
    ...{ url: small.hub.mqttUrl, ca: city.certFile, secrets: secretsFile },
    ...{ seed, cameras, 'access-points': accessPoints, rate: 50, gateways: 4, failures: 'none' },
    scenario: [...SCENARIOS, ...MANNERS.map((manner) => `answers-${manner}:at=0`)].join(),
    for: 600,
  });
});
afterAll(async () => {
  await fleet?.stop();
  await small?.stop();
  folder.remove();
});

const healthOf = (id: string) => technician.json<DeviceHealth>(`/api/devices/${id}/health`);
const victim = (scenario: string) => fleet.act(scenario).devices[0] ?? '';

async function agreed(): Promise<void> {
  let wrong: string[] = ['nothing was asked'];
  await until(
    'the hub to agree with the truth',
    async () => {
      wrong = await disagreements(technician, fleet.truth()?.away ?? {}, SHUT_OUT);
      return wrong.length === 0 ? true : undefined;
    },
    120_000,
  ).catch((error: unknown) => {
    throw new Error(`${wrong.slice(0, 20).join('\n')}\n${fleet.said()}`, { cause: error });
  });
}

it('who has a secret is heard, and what becomes of each device is what the fleet did to it', async () => {
  await until('all that happens', () =>
    (fleet.truth()?.acts.length ?? 0) >= SCENARIOS.length + MANNERS.length ? true : undefined,
  );
  await agreed();
  const { away = {} } = fleet.truth() ?? {};
  const down = fleet.act('switch-down');
  const gone = [...SHUT_OUT, ...down.devices, ...down.below, victim('dead'), victim('cut')];
  expect(Object.keys(away).sort()).toEqual(gone.sort());
  const byWill = async (scenario: string) =>
    (await healthOf(victim(scenario))).changes.some(({ reason }) => reason === 'will');
  expect([await byWill('dead'), await byWill('cut')]).toEqual([false, true]);
  // Each time it says too much the broker ends its connection, and it comes back.
  // What the fleet writes down of itself comes a second later.
  await until('both to count the same', async () => {
    const { malformed } = await healthOf(victim('flood'));
    return fleet.truth()?.connections.broken === malformed.count ? true : undefined;
  });
  const flood = await healthOf(victim('flood'));
  expect(flood).toMatchObject({ status: 'online', malformed: { lastReason: 'too-many' } });
  expect(flood.malformed.count).toBeGreaterThan(0);
});

it('commands end as they were answered, well and badly, at devices and behind their gateway', async () => {
  const taken = new Set((fleet.truth()?.acts ?? []).flatMap((act) => [...act.devices, ...act.below]));
  const points = (await technician.json<{ items: { id: string }[] }>('/api/devices?kind=ap&limit=100')).items
    .map(({ id }) => id)
    .filter((id) => !taken.has(id));
  const through = await Promise.all(points.map(async (id) => [id, (await healthOf(id)).gateway] as const));
  const named = new Map<string, string>([
    [through.find(([, gateway]) => gateway === null)?.[0] ?? '', 'alone'],
    [through.find(([, gateway]) => gateway !== null)?.[0] ?? '', 'behind'],
    ...MANNERS.map((manner) => [victim(`answers-${manner}`), manner] as const),
  ]);
  const previewed = await technician.send('POST', '/api/commands/preview', {
    command: { kind: 'ssid', ssid: 'MosGorService', enabled: false },
    target: { deviceIds: [...named.keys()] },
  });
  const { token, willRun } = (await previewed.json()) as CommandPreview;
  expect(willRun).toBe(named.size);
  const started = await technician.send('POST', '/api/commands', {
    ...{ token, key: randomUUID(), expiresInS: 10, stopAtFailedPct: 100 },
  });
  expect(started.status).toBe(201);
  const { id } = (await started.json()) as CommandRun;
  await until(
    'the end of the run',
    async () => {
      const { state, endedAt } = await technician.json<CommandRun>(`/api/commands/${id}`);
      // Who is first nobody says; where that is one that fails, the run asks before it goes on.
      if (state === 'paused') await technician.send('POST', `/api/commands/${id}/continue`);
      return endedAt === null ? undefined : true;
    },
    180_000,
  );
  const { items } = await technician.json<{ items: Command[] }>(`/api/commands/${id}/devices`);
  const ends = items.map(({ deviceId, state, reason }) => [named.get(deviceId), [state, reason]]);
  expect(Object.fromEntries(ends)).toEqual({
    alone: ['confirmed', null],
    behind: ['confirmed', null],
    never: ['expired', 'no-answer'],
    rejects: ['rejected', 'device-said'],
    idle: ['unconfirmed', 'no-effect'],
    lies: ['unconfirmed', 'no-effect'],
    twice: ['confirmed', null],
    astray: ['confirmed', null],
  });
  const { received, expired, foreign } = fleet.truth()?.commands ?? {};
  expect({ received, expired, foreign }).toEqual({
    received: named.size,
    expired: 0,
    foreign: 0,
  });
});

it('when the hub and its broker are killed, all come back by their secrets, and nobody else is away than was', async () => {
  const births = fleet.truth()?.sent.birth ?? 0;
  const killedAt = Date.now();
  await small.crash();
  technician = await signIn(small.hub.httpUrl, 'technician', PASSWORD);
  await until('births again', () => ((fleet.truth()?.sent.birth ?? 0) > births + 100 ? true : undefined));
  await agreed();
  expect((await healthOf(victim('dead'))).lastSeenAt).toBeLessThan(killedAt);
});
