import { AppError } from '../base/errors.ts';
import type { TrackName } from '../contract/video.ts';
import { readInitSegment } from '../recording/init-segment.ts';
import { needBox } from '../recording/mp4-boxes.ts';
import type { FeedInit, FeedSink, FeedFragment as RoomFragment, VideoRoom } from '../video/types.ts';
import type { FeedListener, LiveFeeds } from './tile-feed.ts';

const silent: FeedSink = { onInit: () => undefined, onFragment: () => undefined, onEnd: () => undefined };

/** What every browser with media source extensions plays. */
const PLAYED = /^(avc1|mp4a)\./;

/** The video room's feeds as tiles need them: with the place of each fragment on its run's time line. */
export function createVideoFeeds(video: Pick<VideoRoom, 'feed' | 'hold' | 'status'>): LiveFeeds {
  /** The codec of a track, undefined while it has none yet; null where there is no such track. */
  function codecOf(cameraId: string, track: TrackName): string | undefined | null {
    try {
      const feed = video.feed(cameraId, track, silent);
      feed.close();
      const known = track === 'main' ? video.status(cameraId)?.format?.codec : undefined;
      return feed.gop?.init.codec ?? known;
    } catch (error) {
      if (error instanceof AppError && error.code === 'not-found') return null;
      throw error;
    }
  }

  return {
    choose(cameraId, tracks) {
      let exists = false;
      for (const track of tracks) {
        const codec = codecOf(cameraId, track);
        if (codec === null) continue;
        exists = true;
        if (codec === undefined || PLAYED.test(codec)) return { track };
      }
      return { none: exists ? 'codec-unsupported' : 'no-stream' };
    },
    follow(cameraId, track, listener) {
      const hold = video.hold(cameraId, track);
      const places = createPlaces(listener);
      const feed = video.feed(cameraId, track, {
        onInit: places.begin,
        onFragment: places.fragment,
        onEnd: (problem) => listener.down(problem),
      });
      if (feed.gop) {
        places.begin(feed.gop.init);
        for (const fragment of feed.gop.fragments) places.fragment(fragment);
      }
      return {
        stop() {
          feed.close();
          hold.release();
        },
      };
    },
  };
}

function createPlaces(listener: FeedListener) {
  let format: FeedInit | undefined;
  let timescale = 1;
  let run = 0;
  return {
    begin(init: FeedInit): void {
      format = init;
      timescale = readInitSegment(init.bytes).timescale;
      run += 1;
    },
    fragment({ utcMs, durationUs, keyframe, bytes }: RoomFragment): void {
      if (!format) return;
      const tfdt = needBox(bytes, ['moof', 'traf', 'tfdt']).body;
      const ticks =
        bytes.readUInt8(tfdt) === 1 ? Number(bytes.readBigUInt64BE(tfdt + 4)) : bytes.readUInt32BE(tfdt + 4);
      const mediaTimeS = ticks / timescale;
      listener.fragment({ format, run, utcMs, mediaTimeS, durationUs, keyframe, bytes });
    },
  };
}
