import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createHubChildren } from './hub-children.ts';
import type { HubLog } from './hub-log.ts';
import { FromHub, type ToHub } from './hub-messages.ts';
import type { ShellOptions } from './options.ts';
import type { HubAccess } from './policies/launch-header.ts';
import { isHubAddress } from './policies/origins.ts';
import { restartDelayMs } from './policies/restart.ts';
import type { StartProcess } from './process-host.ts';

/** Longest time until a hub is ready; a first start makes a whole demonstration city. */
const START_LIMIT_MS = 180_000;
/** Longest time a hub gets to stop by itself; its own limit is shorter. */
const STOP_LIMIT_MS = 6_000;

export type HubState =
  | { phase: 'starting'; again: boolean }
  | { phase: 'ready'; access: HubAccess; firstLogin: { login: string; file: string } | undefined }
  | { phase: 'failed'; code: string; message: string }
  | { phase: 'stopped' };

export interface HubProcess {
  readonly state: HubState;
  /** Starts the hub, or starts it again after a failure. Does nothing while it starts or runs. */
  start(): void;
  /** Stops the hub and its children; settles when none of them is left. */
  stop(): Promise<void>;
}

export interface HubProcessParts {
  options: ShellOptions;
  /** The folder of the built program. */
  dist: string;
  /** The port that the hub had last; it gets the same one again where it can. */
  port: { last(): number; remember(port: number): void };
  /** Environment of the hub, already stripped. */
  env: Record<string, string>;
  startHub: StartProcess;
  startChild: StartProcess;
  log: HubLog;
  monotonicMs: () => number;
  /** Told at every change of state. */
  onChange: (state: HubState) => void;
  limits?: { startMs: number; stopMs: number };
}

/** Keeps the hub running in a process of its own: starts it, starts it again when it dies, stops it. */
export function createHubProcess(parts: HubProcessParts): HubProcess {
  const { options, dist, env, log, monotonicMs } = parts;
  const limits = parts.limits ?? { startMs: START_LIMIT_MS, stopMs: STOP_LIMIT_MS };
  let state: HubState = { phase: 'stopped' };
  let running: { post: (message: ToHub) => void; kill: () => void; ended: Promise<void> } | undefined;
  let waiting: NodeJS.Timeout | undefined;
  let stopping = false;
  const deaths: number[] = [];

  function change(next: HubState): void {
    state = next;
    parts.onChange(next);
  }

  function launch(): void {
    const launchToken = randomBytes(32).toString('base64url');
    const hub = parts.startHub(join(dist, 'main', 'embedded.js'), [], env);
    const post = (message: ToHub): void => hub.post(message);
    const children = createHubChildren({ dist, env, startProcess: parts.startChild, post, log: log.line });
    log.take(hub.stdout);
    log.take(hub.stderr);
    let reported = false;
    const fail = (code: string, message: string): void => {
      reported = true;
      clearTimeout(limit);
      if (!stopping) change({ phase: 'failed', code, message });
      void end();
    };
    const limit = setTimeout(
      () => fail('hub-slow', `The hub was not ready after ${limits.startMs / 1000} s.`),
      limits.startMs,
    );

    hub.onMessage((data) => {
      const message = FromHub.safeParse(data);
      if (!message.success) return log.line('the hub sent a message of no known shape');
      if (message.data.type === 'failed') fail(message.data.code, message.data.message);
      else if (message.data.type !== 'ready') children.receive(message.data);
      else if (!isHubAddress(message.data.httpUrl))
        fail('hub-address', 'The hub named an address that is not its own.');
      else if (state.phase === 'starting') {
        clearTimeout(limit);
        parts.port.remember(Number(new URL(message.data.httpUrl).port));
        change({
          phase: 'ready',
          access: { origin: new URL(message.data.httpUrl).origin, launchToken },
          firstLogin: message.data.firstLogin,
        });
      }
    });

    const ended = new Promise<void>((resolve) => {
      hub.onExit((code) => {
        clearTimeout(limit);
        running = undefined;
        void children.stop().then(() => {
          resolve();
          if (!stopping && !reported) died(code);
        });
      });
    });
    running = { post, kill: () => hub.kill(), ended };
    post({
      type: 'start',
      dataDir: options.dataDir,
      demo: options.demo,
      port: parts.port.last(),
      launchToken,
      dist,
      ...(options.configFile === undefined ? {} : { configFile: options.configFile }),
      ...(options.nativeBinding === undefined ? {} : { nativeBinding: options.nativeBinding }),
    });
  }

  function died(code: number | null): void {
    deaths.push(monotonicMs());
    const delay = restartDelayMs(deaths, monotonicMs());
    log.line(
      `the hub ended with ${code ?? 'a signal'}; ${delay === undefined ? 'it is not started again' : `again in ${delay} ms`}`,
    );
    if (delay === undefined) {
      const message = `The hub ended several times (code ${code ?? 'none'}).`;
      change({ phase: 'failed', code: 'hub-crashed', message });
    } else {
      change({ phase: 'starting', again: true });
      waiting = setTimeout(launch, delay);
    }
  }

  /** Asks the hub to stop, and ends it when it does not. */
  async function end(): Promise<void> {
    const hub = running;
    if (!hub) return;
    hub.post({ type: 'stop' });
    const kill = setTimeout(() => {
      log.line('the hub did not stop in time; ending it');
      hub.kill();
    }, limits.stopMs);
    await hub.ended;
    clearTimeout(kill);
  }

  return {
    get state() {
      return state;
    },
    start() {
      if (stopping || state.phase === 'starting' || state.phase === 'ready') return;
      deaths.length = 0;
      change({ phase: 'starting', again: false });
      // After a failure the old process may still be on its way out.
      void end().then(() => {
        if (!stopping) launch();
      });
    },
    async stop() {
      stopping = true;
      clearTimeout(waiting);
      await end();
      change({ phase: 'stopped' });
    },
  };
}
