import { existsSync } from 'node:fs';
import type { Kysely } from 'kysely';
import { generateCity } from '../fixtures/city/city.ts';
import type { ChildProgram, ChildRunner } from './base/child-runner.ts';
import type { Clock } from './base/clock.ts';
import { AppError } from './base/errors.ts';
import type { Stoppable } from './base/lifecycle.ts';
import type { Logger } from './base/logging.ts';
import type { HubConfig } from './config.ts';
import type { DeviceRegistry, StreamSource } from './devices/types.ts';
import type { Database } from './storage/tables.ts';

/** Longest wait for the first sign of the demonstration's pictures. */
const SCENES_LIMIT_MS = 20_000;
const RESTART_MS = { first: 1_000, most: 30_000 };

export interface DemoParts {
  config: HubConfig;
  childRunner: ChildRunner;
  /** The built fixture program. */
  script: string;
  db: Kysely<Database>;
  devices: DeviceRegistry;
  clock: Clock;
  log: Logger;
}

export interface Demo extends Stoppable {
  /** The fleet reports to this broker from now on. */
  playFleet(mqttUrl: string): void;
}

/**
 * The demonstration around a hub: fills an empty registry with the city, and keeps the program running that
 * draws its street scenes and plays its fleet. That program's end is a fault the city shows, not the hub's end.
 * @throws AppError `demo-not-built`
 */
export async function startDemo({
  config,
  childRunner,
  script,
  db,
  devices,
  clock,
  log,
}: DemoParts): Promise<Demo> {
  if (!existsSync(script))
    throw new AppError(
      'demo-not-built',
      500,
      `The demonstration is not built (${script} is missing). Run "npm run build" first.`,
    );
  let child: ChildProgram | undefined;
  let stopped = false;
  let backOff: NodeJS.Timeout | undefined;
  let delay = RESTART_MS.first;
  let mqttUrl: string | undefined;

  const firstScenes = await launch();
  if (devices.count === 0) {
    const started = clock.monotonic();
    const city = generateCity({ ...config.demo, scenesUrl: firstScenes ?? 'http://127.0.0.1:9' });
    await devices.seed(city.areas, city.groups, city.devices);
    log.info(
      { devices: devices.count, ms: Math.round(clock.monotonic() - started) },
      'demonstration city made',
    );
  } else if (firstScenes) {
    await pointCamerasAt(firstScenes);
  }

  /** Starts the program; resolves with the address of its scenes, or undefined when it did not come up. */
  async function launch(): Promise<string | undefined> {
    const { seed, cameras, accessPoints, rate } = config.demo;
    const numbers = { seed, cameras, 'access-points': accessPoints, rate, city: config.city.id };
    const program = childRunner.spawn(
      script,
      Object.entries(numbers).flatMap(([name, value]) => [`--${name}`, String(value)]),
    );
    child = program;
    const scenes = new Promise<string | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), SCENES_LIMIT_MS);
      program.onLine((line) => {
        const ready = /^scenes ready (http:\/\/127\.0\.0\.1:\d{1,5})$/.exec(line);
        if (ready) resolve(ready[1]);
        else log.debug({ line: line.slice(0, 500) }, 'demonstration');
      });
      void program.exited.then((code) => {
        clearTimeout(timer);
        resolve(undefined);
        if (!stopped && child === program) restartLater(code);
      });
    });
    const url = await scenes;
    if (!url)
      log.error('the street scenes of the demonstration did not start; its cameras will show no picture');
    return url;
  }

  function restartLater(code: number | null): void {
    log.error({ code, retryMs: delay }, 'the demonstration program ended; it is started again');
    backOff = setTimeout(() => {
      void launch()
        .then(async (scenes) => {
          if (!scenes || stopped) return;
          delay = RESTART_MS.first;
          await pointCamerasAt(scenes);
          if (mqttUrl) child?.write(`mqtt ${mqttUrl}`);
        })
        .catch((error: unknown) => log.error({ err: error }, 'the demonstration could not be started again'));
    }, delay);
    delay = Math.min(delay * 2, RESTART_MS.most);
  }

  /** The scenes listen on another port at each start: their six cameras are told so. */
  async function pointCamerasAt(scenesUrl: string): Promise<void> {
    const cameras = (await devices.camerasWithStream()).filter((camera) =>
      /\/camera\/\d\.ts$/.test(camera.source?.url ?? ''),
    );
    const changed = cameras.filter((camera) => !camera.source?.url.startsWith(`${scenesUrl}/`));
    if (changed.length === 0) return;
    const moved = (stream: StreamSource | null) => `${scenesUrl}${new URL(stream?.url ?? '').pathname}`;
    await db.transaction().execute(async (trx) => {
      for (const camera of changed)
        await devices.patch(trx, camera.id, {
          streamUrl: moved(camera.source),
          ...(camera.second ? { secondUrl: moved(camera.second) } : {}),
        });
    });
    await devices.committed(changed.map((camera) => camera.id));
  }

  return {
    playFleet(url) {
      mqttUrl = url;
      child?.write(`mqtt ${url}`);
    },
    async stop() {
      stopped = true;
      clearTimeout(backOff);
      child?.kill();
      await child?.exited;
    },
  };
}
