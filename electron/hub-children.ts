import { createInterface } from 'node:readline';
import type { FromHub, ToHub } from './hub-messages.ts';
import { allowedChildScript } from './policies/child-script.ts';
import type { HostedProcess, StartProcess } from './process-host.ts';

export interface HubChildren {
  /** Takes `spawn`, `child-write` and `child-kill`; other messages are not its own. */
  receive(message: FromHub): void;
  /** Ends all of them; settles when they have ended. */
  stop(): Promise<void>;
}

export interface HubChildrenParts {
  dist: string;
  env: Record<string, string>;
  startProcess: StartProcess;
  post: (message: ToHub) => void;
  log: (text: string) => void;
}

/** Programs that the hub has the shell start for it, because a utility process cannot start another one itself. */
export function createHubChildren({ dist, env, startProcess, post, log }: HubChildrenParts): HubChildren {
  const running = new Map<number, { process: HostedProcess; ended: Promise<void> }>();

  function start(id: number, script: string, args: readonly string[]): void {
    const allowed = allowedChildScript(script, dist);
    if (allowed === undefined || running.has(id)) {
      log(`the hub may not start ${script}`);
      post({ type: 'child-exit', id, code: null });
      return;
    }
    const child = startProcess(allowed, args, { ...env, KALANCHA_PARENT: '1' });
    if (child.stdout)
      createInterface({ input: child.stdout }).on('line', (line) => post({ type: 'child-line', id, line }));
    child.stderr?.on('data', (chunk: Buffer) => log(chunk.toString().trimEnd()));
    const ended = new Promise<void>((resolve) => {
      child.onExit((code) => {
        running.delete(id);
        post({ type: 'child-exit', id, code });
        resolve();
      });
    });
    running.set(id, { process: child, ended });
  }

  return {
    receive(message) {
      if (message.type === 'spawn') start(message.id, message.script, message.args);
      // A utility process has no standard input: its lines come as messages.
      else if (message.type === 'child-write') running.get(message.id)?.process.post({ line: message.line });
      else if (message.type === 'child-kill') running.get(message.id)?.process.kill();
    },
    async stop() {
      const all = [...running.values()];
      for (const { process } of all) process.kill();
      await Promise.all(all.map(({ ended }) => ended));
    },
  };
}
