import type { AccessGate, Decision, DenialReason, Viewer } from '../access/types.ts';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { Action } from '../contract/access.ts';
import type { TileEndReason, TilesRequest } from '../contract/tile-wire.ts';
import type { StreamProblemCode, TrackName } from '../contract/video.ts';
import type { DeviceRegistry } from '../devices/types.ts';
import type { FeedFragment, LiveFeeds } from './tile-feed.ts';
import { createTileQueue, type TileQueue } from './tile-queue.ts';
import type { VideoDesk } from './video-desk.ts';

export interface TileServices {
  gate: Pick<AccessGate, 'alive' | 'rightsVersion'>;
  desk: Pick<VideoDesk, 'playback' | 'rights' | 'refusal'>;
  devices: Pick<DeviceRegistry, 'get'>;
  feeds: LiveFeeds;
  clock: Clock;
  log: Logger;
}

export interface TileEvents {
  opened(track: TrackName): void;
  fragment(fragment: FeedFragment): void;
  /** The stream broke off for now. */
  down(problem: StreamProblemCode | null): void;
  /** It cannot go on. Not called after `stop`. */
  ended(reason: TileEndReason, detail: string): void;
}

export interface Sent {
  bytes: number;
  /** Monotonic ms. */
  sentAt: number;
}

/** One tile of a connection: who may see it, what waits for it, what is under way to it. */
export interface Tile {
  readonly number: number;
  readonly queue: TileQueue;
  /** Bytes it got so far, or its place among the others. */
  served: number;
  /** Hash of the format that the console has. */
  formatSent: string;
  start(): void;
  /** Whether the viewer may still see it: asked of the rights, by where the camera is now. */
  mayGoOn(): Decision;
  /** Counts a message of so many bytes. @returns its number */
  sent(bytes: number, now: number): number;
  /** What is taken in by this; undefined when so much was never sent. */
  acknowledge(upTo: number): Sent[] | undefined;
  unacknowledged(): number;
  /** When the oldest message that is not acknowledged went out, monotonic ms. */
  oldestSentAt(): number | undefined;
  stop(): void;
}

type OpenRequest = Extract<TilesRequest, { type: 'open' }>;

/** What each track needs; sound is no more than the picture's sound. */
const needs = (tracks: readonly TrackName[]): readonly Action[] =>
  tracks.includes('sound') ? ['video.live', 'video.audio'] : ['video.live'];

export function createTile(
  request: OpenRequest,
  viewer: Viewer,
  services: TileServices,
  events: TileEvents,
): Tile {
  const { desk, devices, feeds, log } = services;
  const { cameraId } = request;
  const queue = createTileQueue();
  const underWay: (Sent & { number: number })[] = [];
  let lastNumber = 0;
  let stopped = false;
  let leave: (() => void)[] = [];

  const missing = (): { action: Action; reason: DenialReason } | undefined => {
    const device = devices.get(cameraId);
    for (const action of needs(request.tracks)) {
      const decision: Decision = device
        ? desk.rights.decide(viewer, action, device)
        : { allowed: false, reason: 'no-grant' };
      if (!decision.allowed) return { action, reason: decision.reason };
    }
    return undefined;
  };
  const mayGoOn = (): Decision => {
    const lack = missing();
    return lack ? { allowed: false, reason: lack.reason } : { allowed: true };
  };

  function stop(): void {
    if (stopped) return;
    stopped = true;
    for (const end of leave) end();
    leave = [];
  }

  /** True when it is over already, and `end` is called at once. */
  function keep(end: () => void): boolean {
    if (stopped) end();
    else leave.push(end);
    return stopped;
  }

  async function begin(): Promise<void> {
    const device = devices.get(cameraId);
    if (device?.kind !== 'camera') {
      events.ended('no-stream', '');
      return;
    }
    const lack = missing();
    if (lack) {
      await desk.refusal(viewer, device, lack.action, lack.reason);
      events.ended('no-right', lack.reason);
      return;
    }
    const choice = feeds.choose(cameraId, request.tracks);
    if ('none' in choice) {
      events.ended(choice.none, '');
      return;
    }
    // On record before the first byte.
    if (keep(await desk.playback.live(viewer, cameraId, choice.track))) return;
    const guard = desk.rights.guard(viewer, mayGoOn);
    if (keep(guard.done)) return;
    const revoked = () => events.ended('no-right', String(guard.signal.reason));
    if (guard.signal.aborted) {
      revoked();
      return;
    }
    guard.signal.addEventListener('abort', revoked, { once: true });
    events.opened(choice.track);
    const following = feeds.follow(cameraId, choice.track, {
      fragment: (fragment) => stopped || events.fragment(fragment),
      down: (problem) => stopped || events.down(problem),
    });
    keep(following.stop);
  }

  return {
    number: request.tile,
    queue,
    served: 0,
    formatSent: '',
    mayGoOn,
    stop,
    start() {
      begin().catch((error: unknown) => {
        log.error({ cameraId, err: messageOf(error) }, 'a live tile could not be opened');
        events.ended('failed', '');
      });
    },
    sent(bytes, now) {
      lastNumber += 1;
      this.served += bytes;
      underWay.push({ number: lastNumber, bytes, sentAt: now });
      return lastNumber;
    },
    acknowledge(upTo) {
      if (upTo > lastNumber) return undefined;
      const after = underWay.findIndex(({ number }) => number > upTo);
      return underWay.splice(0, after === -1 ? underWay.length : after);
    },
    unacknowledged: () => underWay.reduce((sum, { bytes }) => sum + bytes, 0),
    oldestSentAt: () => underWay[0]?.sentAt,
  };
}
