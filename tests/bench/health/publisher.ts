import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CityDevice } from './city.ts';

/** What the publisher's process is told first. */
export interface PublisherSettings {
  port: number;
  devicesFile: string;
  city: string;
  connections: number;
  session: number;
  qos: 0 | 1;
  /** Messages a second; without it as many as brokers and `allow` take. */
  rate?: number;
  /** Most messages in all, to begin with. */
  allow?: number;
  /** Packets that one connection writes at a time. */
  share: number;
}
export type PublisherCommand =
  | { kind: 'allow'; total: number }
  | { kind: 'rate'; perSecond: number }
  | { kind: 'stop' };
export type PublisherReport =
  | { kind: 'ready'; bytesEach: number }
  | { kind: 'figures'; sent: number; acked: number; cpuMs: number }
  | { kind: 'failed'; problem: string };

export interface Publisher {
  pid: number;
  /** Mean bytes of a packet. */
  bytesEach: number;
  /** Messages written and, with QoS 1, acknowledged so far; a tenth of a second old at most. */
  figures(): { sent: number; acked: number; cpuMs: number };
  /** Lets it write no more than so many in all. */
  allow(total: number): void;
  rate(perSecond: number): void;
  stop(): Promise<void>;
}

export async function startPublisher(
  folder: string,
  devices: readonly CityDevice[],
  options: Omit<PublisherSettings, 'devicesFile' | 'city' | 'connections' | 'share' | 'session'> &
    Partial<Pick<PublisherSettings, 'connections' | 'share' | 'session'>>,
): Promise<Publisher> {
  const devicesFile = join(folder, `publisher-devices-${process.hrtime.bigint()}.json`);
  writeFileSync(devicesFile, JSON.stringify(devices));
  const child = fork(fileURLToPath(new URL('publisher-process.ts', import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const settings: PublisherSettings = {
    ...{ city: 'moscow', connections: options.qos === 1 ? 24 : 8, session: Date.now(), share: 400 },
    ...options,
    devicesFile,
  };
  let figures = { sent: 0, acked: 0, cpuMs: 0 };
  let problem: string | undefined;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const bytesEach = await new Promise<number>((resolve, reject) => {
    child.on('message', (report: PublisherReport) => {
      if (report.kind === 'ready') resolve(report.bytesEach);
      else if (report.kind === 'figures') figures = report;
      else {
        problem = report.problem;
        reject(new Error(report.problem));
      }
    });
    void exited.then(() => reject(new Error('the publisher ended')));
    child.send(settings);
  });
  const send = (command: PublisherCommand) => {
    if (problem !== undefined) throw new Error(`the publisher failed: ${problem}`);
    child.send(command);
  };
  return {
    pid: child.pid ?? 0,
    bytesEach,
    figures: () => figures,
    allow: (total) => send({ kind: 'allow', total }),
    rate: (perSecond) => send({ kind: 'rate', perSecond }),
    async stop() {
      if (child.connected) child.send({ kind: 'stop' } satisfies PublisherCommand);
      await exited;
    },
  };
}
