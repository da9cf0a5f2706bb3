import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Mosquitto's tools at one broker, as a device with a shell would use them. */
export function mosquittoTools(port: number, more: readonly string[] = []) {
  const where = ['-h', '127.0.0.1', '-p', String(port), ...more];
  const listeners = new Set<ChildProcess>();
  return {
    /** Publishes one message; the exit code and what it complained of. */
    async publish(topic: string, message: string, options: readonly string[] = []) {
      const child = spawn('mosquitto_pub', [...where, '-t', topic, '-s', ...options], {
        stdio: ['pipe', 'ignore', 'pipe'],
      });
      let complaint = '';
      child.stderr.on('data', (chunk) => {
        complaint += String(chunk);
      });
      child.stdin.end(message);
      const [code] = await once(child, 'exit');
      return { code: Number(code), complaint };
    },
    /** Subscribes and collects lines; with a Will it is a device that can die. */
    listen(topic: string, options: readonly string[] = []) {
      const child = spawn('mosquitto_sub', [...where, '-t', topic, ...options], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      listeners.add(child);
      let text = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => {
          text += String(chunk);
        });
      const exited = once(child, 'exit');
      return {
        text: () => text,
        running: () => child.exitCode === null && child.signalCode === null,
        async end(signal: NodeJS.Signals) {
          child.kill(signal);
          await exited;
          listeners.delete(child);
        },
      };
    },
    async stop() {
      for (const child of listeners) {
        const exited = once(child, 'exit');
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await exited;
      }
    },
  };
}

/** A real mosquitto with its own configuration and password file. */
export async function startMosquitto(options: {
  folder: string;
  port: number;
  user: string;
  password: string;
  extra?: string;
}) {
  const { folder, port, user, password, extra = '' } = options;
  const passwords = join(folder, 'passwords');
  writeFileSync(passwords, `${user}:${password}\n`, { mode: 0o600 });
  const hashing = spawn('mosquitto_passwd', ['-U', passwords], { stdio: 'ignore' });
  await once(hashing, 'exit');
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(
    config,
    `listener ${port} 127.0.0.1\nallow_anonymous false\npassword_file ${passwords}\n` +
      `persistence true\npersistence_location ${folder}/\nautosave_interval 1\nautosave_on_changes true\n` +
      `${process.getuid?.() === 0 ? 'user root\n' : ''}${extra}`,
  );
  let child = await run(config, port);
  return {
    pid: () => child.pid ?? 0,
    async kill() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    /** Keeps it running but deaf and dumb: a broker that hangs. */
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    async start() {
      child = await run(config, port);
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function run(config: string, port: number): Promise<ChildProcess> {
  const child = spawn('mosquitto', ['-c', config], { stdio: 'ignore' });
  const limit = performance.now() + 60_000;
  while (performance.now() < limit) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`mosquitto ended with ${child.exitCode ?? child.signalCode}`);
    if (await answers(port)) return child;
    await sleep(25);
  }
  child.kill('SIGKILL');
  throw new Error('mosquitto does not answer');
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
