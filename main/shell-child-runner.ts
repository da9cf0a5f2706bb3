import type { ChildProgram, ChildRunner } from './base/child-runner.ts';
import type { FromShell, ToShell } from './embedded-messages.ts';

/** A runner whose children the shell starts, and the door by which the shell's news of them comes in. */
export interface ShellChildRunner extends ChildRunner {
  /** Takes `child-line` and `child-exit`; other messages are not its own. */
  receive(message: FromShell): void;
}

interface Running {
  listeners: ((line: string) => void)[];
  ended: (code: number | null) => void;
}

/** Runs children through the shell: Electron's utility process has no Node of its own to start them with. */
export function shellChildRunner(post: (message: ToShell) => void): ShellChildRunner {
  const running = new Map<number, Running>();
  let lastId = 0;
  return {
    spawn(script, args): ChildProgram {
      lastId += 1;
      const id = lastId;
      const listeners: Running['listeners'] = [];
      const exited = new Promise<number | null>((ended) => running.set(id, { listeners, ended }));
      post({ type: 'spawn', id, script, args: [...args] });
      const tell = (message: ToShell) => {
        if (running.has(id)) post(message);
      };
      return {
        onLine: (listener) => void listeners.push(listener),
        write: (line) => tell({ type: 'child-write', id, line }),
        kill: () => tell({ type: 'child-kill', id }),
        exited,
      };
    },
    receive(message) {
      if (message.type === 'child-line')
        for (const listener of running.get(message.id)?.listeners ?? []) listener(message.line);
      if (message.type === 'child-exit') {
        running.get(message.id)?.ended(message.code);
        running.delete(message.id);
      }
    },
  };
}
