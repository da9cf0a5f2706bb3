import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Presence } from '../../fixtures/fleet/presence.ts';
import type { Act, TruthReport } from '../../fixtures/fleet/truth.ts';
import type { DevicePage } from '../../main/contract/device.ts';
import type { HealthStatus } from '../../main/contract/health.ts';
import type { Client } from './hub-process.ts';

const CLI = fileURLToPath(new URL('../../fixtures/fleet/cli.ts', import.meta.url));

/** `npm run fleet` as a person starts it, and what it writes down of itself. */
export interface FleetProcess {
  /** Undefined until it has written its first report. */
  truth(): TruthReport | undefined;
  /** All that it said so far. */
  said(): string;
  /** What a scenario did first. @throws Error when it did not happen yet */
  act(scenario: string): Act;
  /** SIGTERM, waits for the end, answers the exit code. */
  stop(): Promise<number | null>;
}

export function startFleetProcess(
  reportFile: string,
  options: Record<string, string | number>,
  env: Record<string, string> = {},
): FleetProcess {
  const child = spawn(
    process.execPath,
    [
      ...[CLI, '--report', reportFile],
      ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += String(chunk);
    });
  const truth = () =>
    existsSync(reportFile) ? (JSON.parse(readFileSync(reportFile, 'utf8')) as TruthReport) : undefined;
  return {
    truth,
    said: () => said,
    act(scenario) {
      const act = truth()?.acts.find((one) => one.scenario === scenario);
      if (!act) throw new Error(`${scenario} did not happen: ${said}`);
      return act;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      return (await exited)[0];
    },
  };
}

/** What a hub says of each device. */
export async function statusesOf(client: Client): Promise<ReadonlyMap<string, HealthStatus>> {
  const found = new Map<string, HealthStatus>();
  let cursor: string | undefined;
  do {
    const more: string = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: DevicePage = await client.json(`/api/devices?limit=500${more}`);
    for (const { id, status } of page.items) found.set(id, status);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return found;
}

/**
 * Devices of which the hub says something else than the truth, as `id: truth, status`: who is there is online, who is
 * away offline, or never seen where it never spoke.
 */
export async function disagreements(
  client: Client,
  away: Readonly<Record<string, Presence>>,
  neverSpoke: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  const wrong: string[] = [];
  for (const [id, status] of await statusesOf(client)) {
    const expected = neverSpoke.has(id) ? 'never-seen' : away[id] === undefined ? 'online' : 'offline';
    if (status !== expected) wrong.push(`${id}: ${away[id] ?? 'up'}, ${status}`);
  }
  return wrong;
}
