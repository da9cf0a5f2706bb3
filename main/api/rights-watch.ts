import type { AccessGate, Decision, Viewer } from '../access/types.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Action } from '../contract/access.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import type { DeviceRecord } from '../devices/types.ts';

/** One answer that is being waited for or sent. */
export interface RightsGuard {
  /** Aborts the moment the right is gone; its reason is the `Decision`'s. */
  readonly signal: AbortSignal;
  done(): void;
}

export interface RightsWatch {
  /** Watches until `done`. `check` is the truth; it is asked whenever rights may have changed. */
  guard(viewer: Viewer, check: () => Decision): RightsGuard;
  /** The gate's own decision. */
  decide(viewer: Viewer, action: Action, device: DeviceRecord, footageTime?: number): Decision;
  /** Called after rights may have changed. */
  onChange(listener: () => void): void;
  guarded(): number;
  stop(): void;
}

/** Rights end by the clock as well, and then nobody tells: looked at this often. */
const LOOK_MS = 250;

/** Ends answers in the middle when the right to them ends: waiting requests, half-sent bodies. */
export function createRightsWatch(gate: AccessGate, bus: EventBus<HubEvents>): RightsWatch {
  const guards = new Set<{ viewer: Viewer; version: number; look(): void }>();
  const listeners = new Set<() => void>();

  function lookAtAll(): void {
    for (const guard of [...guards]) {
      const version = gate.rightsVersion(guard.viewer);
      if (version === guard.version && gate.alive(guard.viewer)) continue;
      guard.version = version;
      guard.look();
    }
    for (const listener of listeners) listener();
  }

  const leave = [bus.on('rights.changed', lookAtAll), bus.on('session.ended', lookAtAll)];
  const timer = setInterval(lookAtAll, LOOK_MS);
  timer.unref();

  return {
    guard(viewer, check) {
      const controller = new AbortController();
      const guard = {
        viewer,
        version: gate.rightsVersion(viewer),
        look() {
          const decision = check();
          if (!decision.allowed) controller.abort(decision.reason);
        },
      };
      guards.add(guard);
      // Once more, for what changed between the first decision and this line.
      guard.look();
      return { signal: controller.signal, done: () => guards.delete(guard) };
    },
    decide: (viewer, action, device, footageTime) => gate.may(viewer, action, device, footageTime),
    onChange(listener) {
      listeners.add(listener);
    },
    guarded: () => guards.size,
    stop() {
      clearInterval(timer);
      for (const off of leave) off();
      guards.clear();
      listeners.clear();
    },
  };
}
