import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CityDevice } from './city.ts';

export interface SwarmSettings {
  port: number;
  devicesFile: string;
  /** New connections a second at first. */
  perSecond: number;
  /** Those who lost their connection come back within so long, each at a moment of its own. */
  spreadMs: number;
}
export interface SwarmFigures {
  /** Connected, and their birth acknowledged. */
  born: number;
  acknowledged: number;
  broken: number;
  refused: number;
}
export type SwarmReport = { kind: 'ready' } | ({ kind: 'figures' } & SwarmFigures);

export interface Swarm {
  figures(): SwarmFigures;
  /** @returns how long it took, ms. @throws Error after `limitMs` */
  untilBorn(count: number, limitMs: number): Promise<number>;
  stop(): Promise<void>;
}

/** Starts the process of many devices, each with a connection of its own. */
export async function startSwarm(
  folder: string,
  devices: readonly CityDevice[],
  settings: Omit<SwarmSettings, 'devicesFile'>,
): Promise<Swarm> {
  const devicesFile = join(folder, `swarm-devices-${process.hrtime.bigint()}.json`);
  writeFileSync(devicesFile, JSON.stringify(devices));
  const child = fork(fileURLToPath(new URL('swarm-process.ts', import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let figures: SwarmFigures = { born: 0, acknowledged: 0, broken: 0, refused: 0 };
  await new Promise<void>((resolve, reject) => {
    child.on('message', (report: SwarmReport) => {
      if (report.kind === 'ready') resolve();
      else figures = report;
    });
    void exited.then(() => reject(new Error('the swarm ended')));
    child.send({ ...settings, devicesFile } satisfies SwarmSettings);
  });
  return {
    figures: () => figures,
    async untilBorn(count, limitMs) {
      const started = performance.now();
      while (figures.born < count) {
        if (performance.now() - started > limitMs)
          throw new Error(`only ${figures.born} of ${count} devices were connected in ${limitMs} ms`);
        await pause(50);
      }
      return performance.now() - started;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
