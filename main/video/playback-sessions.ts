import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { Logger } from '../base/logging.ts';
import type { TrackName } from '../contract/video.ts';

/** Somebody looking, as far as this room needs to know him. */
export interface Watcher {
  readonly sessionId: string;
  readonly personId: string;
}

export type LiveEnd = 'idle' | 'right-ended' | 'hub-stopped';

export interface PlaybackOptions<W extends Watcher> {
  clock: Clock;
  log: Logger;
  /** Keeps an on-demand stream running. */
  hold(cameraId: string, track: TrackName): { release(): void };
  /**
   * Puts the start of a live view on record, and within it the start of listening (`sound`). Resolves when stored:
   * no byte goes out before.
   */
  onLiveStart(watcher: W, cameraId: string, track: TrackName): Promise<void>;
  onLiveEnd(watcher: W, cameraId: string, seconds: number, reason: LiveEnd): Promise<void>;
  /** Puts an archive view on record, likewise. */
  onArchiveView(watcher: W, cameraId: string, from: number, to: number): Promise<void>;
  idleMs?: number;
}

interface LiveView<W extends Watcher> {
  watcher: W;
  cameraId: string;
  startedAt: number;
  /** What is watched of the camera: players change from one track to another. */
  tracks: Map<TrackName, WatchedTrack>;
  /** The picture's first record; sound has one of its own. */
  recorded: Promise<void>;
}

interface WatchedTrack {
  lastAskedAt: number;
  /** Requests waiting or being answered: a view is not idle while one hangs. */
  open: number;
  recorded: Promise<void>;
  hold: { release(): void };
}

/** Nothing asked for this long: the view is over. */
const IDLE_MS = 15_000;
const CHECK_MS = 1_000;
/** Archive ranges remembered a session and camera; older ones are put on record again when asked for again. */
const MAX_RANGES = 100;
const RANGES_FORGOTTEN_MS = 3_600_000;

/**
 * Who is watching what. One live view a session and camera, however many requests it makes; archive views by the
 * range that was put on record, so that a segment nobody asked a playlist for does not go out unrecorded.
 */
export function createPlaybackSessions<W extends Watcher>(options: PlaybackOptions<W>) {
  const { clock, log } = options;
  const idleMs = options.idleMs ?? IDLE_MS;
  const views = new Map<string, LiveView<W>>();
  const archive = new Map<string, { ranges: { from: number; to: number }[]; usedAt: number }>();
  const keyOf = (watcher: Watcher, cameraId: string) => `${watcher.sessionId} ${cameraId}`;

  async function end(key: string, view: LiveView<W>, reason: LiveEnd): Promise<void> {
    if (views.get(key) !== view) return;
    views.delete(key);
    for (const { hold } of view.tracks.values()) hold.release();
    const seconds = Math.round((clock.monotonic() - view.startedAt) / 1000);
    try {
      await view.recorded;
      await options.onLiveEnd(view.watcher, view.cameraId, seconds, reason);
    } catch (error) {
      log.error(
        { err: messageOf(error), cameraId: view.cameraId },
        'the end of a live view was not put on record',
      );
    }
  }

  const timer = setInterval(() => {
    const now = clock.monotonic();
    for (const [key, view] of [...views]) {
      for (const [track, { open, lastAskedAt, hold }] of [...view.tracks]) {
        if (open > 0 || now - lastAskedAt <= idleMs) continue;
        if (view.tracks.size === 1) void end(key, view, 'idle');
        else {
          hold.release();
          view.tracks.delete(track);
        }
      }
    }
    for (const [key, entry] of [...archive])
      if (now - entry.usedAt > RANGES_FORGOTTEN_MS) archive.delete(key);
  }, CHECK_MS);
  timer.unref();

  return {
    /**
     * A live request begins. Resolves when the view is on record; call the result when the answer is out.
     * @throws what the audit log throws: then nothing may be shown
     */
    async live(watcher: W, cameraId: string, track: TrackName = 'main'): Promise<() => void> {
      const key = keyOf(watcher, cameraId);
      let view = views.get(key);
      if (!view) {
        const recorded = options.onLiveStart(watcher, cameraId, track);
        view = { watcher, cameraId, startedAt: clock.monotonic(), tracks: new Map(), recorded };
        views.set(key, view);
      }
      let mine = view.tracks.get(track);
      if (!mine) {
        const alone = track === 'sound' && view.tracks.size > 0;
        const recorded = alone ? options.onLiveStart(watcher, cameraId, track) : view.recorded;
        mine = { lastAskedAt: 0, open: 0, recorded, hold: options.hold(cameraId, track) };
        view.tracks.set(track, mine);
      }
      const watched = mine;
      watched.open += 1;
      watched.lastAskedAt = clock.monotonic();
      try {
        await watched.recorded;
      } catch (error) {
        if (view.tracks.get(track) === watched) {
          view.tracks.delete(track);
          watched.hold.release();
        }
        if (view.tracks.size === 0 && views.get(key) === view) views.delete(key);
        throw error;
      }
      let closed = false;
      return () => {
        if (closed) return;
        closed = true;
        watched.open -= 1;
        watched.lastAskedAt = clock.monotonic();
      };
    },
    /** An archive playlist is asked for: always put on record. */
    async archiveRange(watcher: W, cameraId: string, from: number, to: number): Promise<void> {
      await options.onArchiveView(watcher, cameraId, from, to);
      const entry = archive.get(keyOf(watcher, cameraId)) ?? { ranges: [], usedAt: 0 };
      entry.ranges = [...entry.ranges.slice(-MAX_RANGES + 1), { from, to }];
      entry.usedAt = clock.monotonic();
      archive.set(keyOf(watcher, cameraId), entry);
    },
    /** Does this session play a recorded range that holds this moment, and not the live view? */
    reads(watcher: W, cameraId: string, at: number, slackMs: number): boolean {
      const key = keyOf(watcher, cameraId);
      if (views.has(key)) return false;
      const ranges = archive.get(key)?.ranges ?? [];
      return ranges.some((range) => at >= range.from - slackMs && at < range.to + slackMs);
    },
    /** Bytes of the archive are asked for: put on record unless a range on record covers them. */
    async archiveBytes(watcher: W, cameraId: string, at: number, slackMs: number): Promise<void> {
      const entry = archive.get(keyOf(watcher, cameraId));
      if (entry?.ranges.some((range) => at >= range.from - slackMs && at < range.to + slackMs)) {
        entry.usedAt = clock.monotonic();
        return;
      }
      await this.archiveRange(watcher, cameraId, at, at + slackMs);
    },
    /** A right or a session ended: the views that `gone` names end now. */
    endWhere(gone: (watcher: W, cameraId: string) => boolean): void {
      for (const [key, view] of [...views])
        if (gone(view.watcher, view.cameraId)) void end(key, view, 'right-ended');
    },
    watching: (): { personId: string; cameraId: string }[] =>
      [...views.values()].map(({ watcher, cameraId }) => ({ personId: watcher.personId, cameraId })),
    async stop(): Promise<void> {
      clearInterval(timer);
      await Promise.all([...views].map(([key, view]) => end(key, view, 'hub-stopped')));
    },
  };
}

export type PlaybackSessions<W extends Watcher> = ReturnType<typeof createPlaybackSessions<W>>;
