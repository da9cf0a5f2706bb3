import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ScenesProcess {
  url: string;
  stop(): Promise<void>;
}

/** Starts the built program that draws the street scenes live. */
export async function startScenesProcess(): Promise<ScenesProcess> {
  const script = fileURLToPath(new URL('../../dist/fixtures/scenes.js', import.meta.url));
  const child = spawn(process.execPath, [script, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const ready = /^scenes ready (\S+)$/.exec(line);
      if (ready?.[1]) resolve(ready[1]);
    });
    void exited.then(() => reject(new Error('the street scenes did not start')));
  });
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
