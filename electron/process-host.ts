import { fork } from 'node:child_process';
import type { Readable } from 'node:stream';
import { utilityProcess } from 'electron';

/** A program of ours in a process of its own, spoken to by messages. */
export interface HostedProcess {
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once when it has ended; null when a signal ended it or it never started. */
  onExit(listener: (code: number | null) => void): void;
  kill(): void;
}

export type StartProcess = (
  script: string,
  args: readonly string[],
  env: Record<string, string>,
) => HostedProcess;

/** Starts programs in Electron's utility processes, which die with the shell. */
export const utilityHost =
  (serviceName: string): StartProcess =>
  (script, args, env) => {
    const child = utilityProcess.fork(script, [...args], { env, serviceName, stdio: 'pipe' });
    let ended = false;
    child.once('exit', () => {
      ended = true;
    });
    return {
      // Typed as the stream interface of Node; with `pipe` they are Readables.
      stdout: child.stdout as Readable | null,
      stderr: child.stderr as Readable | null,
      post(message) {
        if (!ended) child.postMessage(message);
      },
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => void child.once('exit', listener),
      kill: () => void child.kill(),
    };
  };

/** Starts programs under a Node of the developer's choice, with the same messages over Node's own IPC. */
export const nodeHost =
  (execPath: string): StartProcess =>
  (script, args, env) => {
    const child = fork(script, [...args], {
      execPath,
      execArgv: [],
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    return {
      stdout: child.stdout,
      stderr: child.stderr,
      post(message) {
        // Between its end and the news of it the channel is closed; the exit listener tells of that.
        if (child.connected) child.send(message as object, () => undefined);
      },
      onMessage: (listener) => void child.on('message', listener),
      onExit(listener) {
        let told = false;
        const once = (code: number | null): void => {
          if (told) return;
          told = true;
          listener(code);
        };
        child.once('exit', once);
        child.once('error', () => once(null));
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
