import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A child program that is spoken to in lines: what it prints comes back line by line, what it is told goes in as lines. */
export interface ChildProgram {
  /** Called for each line the child prints on its standard output. */
  onLine(listener: (line: string) => void): void;
  /** Tells the child one line (without the newline). Ignored once it has ended. */
  write(line: string): void;
  /** Asks the child to end. */
  kill(): void;
  /** Settles when the child has ended: its exit code, or null when it could not be started or a signal ended it. */
  readonly exited: Promise<number | null>;
}

/** Starts programs of this project beside the hub. How depends on the host: plain Node, or Electron's utility processes. */
export interface ChildRunner {
  /** Starts the JavaScript file `script` with `args`. */
  spawn(script: string, args: readonly string[]): ChildProgram;
}

/** Runs the children under the same Node as this process. KALANCHA_PARENT tells them to end with their standard input. */
export function nodeChildRunner(): ChildRunner {
  return {
    spawn(script, args) {
      const child = spawn(process.execPath, [script, ...args], {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, KALANCHA_PARENT: '1' },
        windowsHide: true,
      });
      const lines = createInterface({ input: child.stdout });
      const exited = new Promise<number | null>((resolve) => {
        child.once('close', (code) => resolve(code));
        child.once('error', () => resolve(null));
      });
      // A child that ended between two lines breaks the pipe; `exited` tells of it.
      child.stdin.on('error', () => undefined);
      return {
        onLine: (listener) => void lines.on('line', listener),
        write(line) {
          if (child.stdin.writable) child.stdin.write(`${line}\n`);
        },
        kill: () => void child.kill(),
        exited,
      };
    },
  };
}
