import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../support/free-port.ts';
import { benchFolder } from '../broken-off.ts';

export interface BenchBroker {
  port: number;
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** What the pages on brokers ask of a mosquitto that serves a city: nothing is thrown away while the hub is busy. */
const CONFIG = `allow_anonymous true
persistence true
max_queued_messages 0
max_queued_bytes 0
max_inflight_messages 1000
`;

/** A real mosquitto with persistence, without TLS and passwords, on loopback. */
export async function startBroker(): Promise<BenchBroker> {
  const { dir: folder, remove } = benchFolder('bench-broker');
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  const user = process.getuid?.() === 0 ? 'user root\n' : '';
  writeFileSync(file, `listener ${port} 127.0.0.1\n${CONFIG}persistence_location ${folder}/\n${user}`);
  const child = spawn('mosquitto', ['-c', file], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  await pause(400);
  if (child.exitCode !== null) throw new Error(`mosquitto ended with ${child.exitCode}`);
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exited;
      remove();
    },
  };
}
