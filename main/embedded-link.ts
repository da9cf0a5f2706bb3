import { FromShell, type ToShell } from './embedded-messages.ts';

/** The line to the process that started this one. */
export interface ShellLink {
  post(message: ToShell): void;
  /** Called with each message, parsed. Messages of no known shape are reported to `onBad` and dropped. */
  listen(onMessage: (message: FromShell) => void, onBad: (why: string) => void): void;
  /** Settles when the shell is gone without having said stop. */
  readonly gone: Promise<void>;
}

/** Electron's utility process has it; it is no part of Node's own types. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

function isParentPort(value: unknown): value is ParentPort {
  return typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value;
}

/** True in Electron's utility process, whose `process.execPath` is no Node to start children with. */
export const inUtilityProcess = (host: NodeJS.Process): boolean =>
  isParentPort(Reflect.get(host, 'parentPort'));

/**
 * The link of this process: Electron's parent port, or Node's own IPC when the shell runs the hub under Node.
 * @throws Error when there is neither: this program is not for the command line
 */
export function openShellLink(host: NodeJS.Process): ShellLink {
  const port: unknown = Reflect.get(host, 'parentPort');
  if (isParentPort(port))
    return {
      post: (message) => port.postMessage(message),
      listen: (onMessage, onBad) => port.on('message', ({ data }) => receive(data, onMessage, onBad)),
      // Electron ends a utility process together with the shell.
      gone: new Promise(() => undefined),
    };
  if (!host.connected)
    throw new Error('This program is started by the desktop shell. Use "kalancha hub" instead.');
  return {
    post(message) {
      if (host.connected) host.send?.(message);
    },
    listen: (onMessage, onBad) => void host.on('message', (data: unknown) => receive(data, onMessage, onBad)),
    gone: new Promise((resolve) => host.once('disconnect', () => resolve())),
  };
}

function receive(data: unknown, onMessage: (message: FromShell) => void, onBad: (why: string) => void): void {
  const parsed = FromShell.safeParse(data);
  if (parsed.success) onMessage(parsed.data);
  else onBad(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
}
