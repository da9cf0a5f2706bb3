import type { Clock } from '../base/clock.ts';
import type { EventBus } from '../base/event-bus.ts';
import type { Logger } from '../base/logging.ts';
import type { Monitoring } from '../contract/health.ts';
import type { HubEvents } from '../contract/hub-events.ts';
import { troubleOf } from '../contract/trouble.ts';
import type { LinkStatus, MessageSink } from '../mqtt/types.ts';
import type { BlindSpans } from './blind-spans.ts';
import type { Hearing } from './hearing.ts';
import { createJumpWatch } from './traffic.ts';

const notConnected = (at: number): LinkStatus => ({
  kind: 'embedded',
  address: '',
  downSince: at,
  error: troubleOf('broker-not-started', 'The broker is not started yet.'),
});

/**
 * What keeps the hub itself from hearing the devices: no link, nothing that can be stored, a hub that stands still, a
 * clock that jumps, the stop. Lets time stand still for the devices meanwhile, and puts it on record.
 */
export interface Deafness extends Pick<MessageSink, 'link' | 'storing'> {
  /** Lets time pass, before anybody is judged by it. */
  tick(): void;
  /** UTC ms since when nothing can be heard or kept; null when it can. */
  since(): number | null;
  /** The last moment at which the hub was able to hear, UTC ms; null before the stop while it is not. */
  aliveAt(): number | null;
  monitoring(): Pick<Monitoring, 'broker' | 'ingestStalledSince' | 'clockJumpedAt'>;
  /** The hub is about to stop. */
  deafen(): void;
  readonly stopping: boolean;
}

export function createDeafness(options: {
  clock: Clock;
  bus: EventBus<HubEvents>;
  log: Logger;
  hearing: Hearing;
  blindSpans: Pick<BlindSpans, 'set' | 'hears' | 'clockJumped'>;
}): Deafness {
  const { clock, bus, log, hearing, blindSpans } = options;
  const jumps = createJumpWatch(clock);
  let link = notConnected(clock.now());
  let storingFailsSince: number | null = null;
  let stallTold: number | null = null;
  let deafSince: number | null = null;
  let stopping = false;

  function lookAtClock(): void {
    const jump = jumps.tick();
    if (jump !== 0) log.warn({ byMs: jump }, 'the clock of this machine jumped; look at its time service');
    if (jump <= 0) return;
    // Asleep with the machine, most likely: nobody was heard meanwhile, and all find their way back now.
    hearing.freeze('clock');
    hearing.resume('clock');
    blindSpans.clockJumped(clock.now() - jump, clock.now());
  }

  function lookAtOurselves(): void {
    const stalled = hearing.stalledSince();
    if (stalled === stallTold) return;
    stallTold = stalled;
    blindSpans.set('stalled', stalled);
    if (stalled !== null)
      log.warn({ since: stalled }, 'the hub itself stood still; devices get their time anew');
    bus.emit('monitoring.changed', undefined);
  }

  return {
    link(status) {
      link = { ...status };
      blindSpans.set('broker', status.downSince);
      if (status.downSince === null) {
        hearing.resume('link');
        blindSpans.hears();
      } else hearing.freeze('link');
      bus.emit('monitoring.changed', undefined);
    },
    storing(failingSince) {
      storingFailsSince = failingSince;
      blindSpans.set('storing', failingSince);
      if (failingSince === null) hearing.resume('storing');
      else hearing.freeze('storing');
      bus.emit('monitoring.changed', undefined);
    },
    tick() {
      hearing.tick();
      lookAtClock();
      lookAtOurselves();
    },
    since: () => link.downSince ?? storingFailsSince,
    aliveAt: () => (hearing.hears() ? clock.now() : deafSince),
    monitoring: () => ({
      broker: { kind: link.kind, address: link.address, downSince: link.downSince, error: link.error },
      ingestStalledSince: storingFailsSince ?? hearing.stalledSince(),
      clockJumpedAt: jumps.jumpedAt(),
    }),
    deafen() {
      stopping = true;
      if (hearing.hears()) deafSince = clock.now();
      hearing.freeze('stopping');
    },
    get stopping() {
      return stopping;
    },
  };
}
