import { HubError } from '../hub/errors.ts';
import { createFootageIndex } from './footage/footage-index.ts';
import { createFootageStore } from './footage/footage-store.ts';
import { createMseFeed, mediaTimeOf, utcOf } from './footage/mse-feed.ts';
import { loadPlaylist } from './footage/playlist.ts';
import { JUMP_MS, type MasterClock } from './master-clock.ts';

/** `silent`: nothing was recorded at this moment, or the speed has no sound. */
export type SoundState = 'silent' | 'heard' | 'refused' | 'failed';

export interface ArchiveSoundOptions {
  cameraId: string;
  clock: MasterClock;
  now: () => number;
  onChange: () => void;
}

/** Slower and faster than this nobody understands a word. */
const SLOWEST = 0.5;
const FASTEST = 2;
const AHEAD_MS = 10_000;
/** An ear notices a change of speed sooner than an eye. */
const MOST_NUDGE = 0.04;
const DEAD_ZONE_MS = 25;

/** The sound of one camera, in step with the archive's clock. From its making to `stop` it is on. */
export function createArchiveSound({ cameraId, clock, now, onChange }: ArchiveSoundOptions) {
  const media = new Audio();
  const store = createFootageStore();
  const path = `/api/video/${encodeURIComponent(cameraId)}/archive-sound.m3u8`;
  const index = createFootageIndex({ load: (from, to, signal) => loadPlaylist(path, from, to, signal), now });
  const feed = createMseFeed({ media, index, store, onFailure: fail });
  let state: SoundState = 'silent';

  function turn(next: SoundState): void {
    if (state === next) return;
    state = next;
    onChange();
  }

  function fail(error: unknown): void {
    media.pause();
    turn(error instanceof HubError && error.status === 403 ? 'refused' : 'failed');
  }

  async function play(): Promise<void> {
    try {
      await media.play();
    } catch (error) {
      // A pause interrupts a pending play; only a browser that forbids sound is a failure.
      if (error instanceof DOMException && error.name === 'NotAllowedError') turn('failed');
    }
  }

  return {
    state: (): SoundState => state,
    /** Brings the sound to the clock; called many times a second. */
    tick(): void {
      if (state === 'refused' || state === 'failed') return;
      const utc = clock.now();
      const rate = clock.rate();
      if (!clock.playing() || rate < SLOWEST || rate > FASTEST) {
        media.pause();
        turn('silent');
        return;
      }
      if (!index.knows(utc)) index.ensure(utc).catch(fail);
      feed.want(utc, AHEAD_MS * rate);
      if (!clock.running() || !feed.has(utc)) {
        media.pause();
        turn('silent');
        return;
      }
      if (media.seeking) return;
      const error = utcOf(media.currentTime) - utc;
      if (Math.abs(error) > JUMP_MS) media.currentTime = mediaTimeOf(utc + 40 * rate);
      else {
        const nudge = Math.max(-MOST_NUDGE, Math.min(MOST_NUDGE, -error / 2_000));
        const wanted = Math.abs(error) < DEAD_ZONE_MS ? rate : rate * (1 + nudge);
        if (Math.abs(media.playbackRate - wanted) > 0.004) media.playbackRate = wanted;
      }
      if (media.paused) void play();
      turn('heard');
    },
    stop(): void {
      media.pause();
      feed.close();
      index.stop();
    },
  };
}

export type ArchiveSound = ReturnType<typeof createArchiveSound>;
