// A recorder in a process of its own, for tests that kill it: `node recorder-child.ts DATA_DIR URL`.
// Prints each part's number and true time as the live view gets it, and the process id of its ffmpeg.
import { AppError } from '../../main/base/errors.ts';
import { camera, openVideoBench } from './video-bench.ts';

const [dataDir, url] = process.argv.slice(2);
if (!dataDir || !url) throw new Error('usage: recorder-child.ts DATA_DIR URL');
const bench = await openVideoBench([camera('cam-1', 1, url)], { dataDir });
const signal = new AbortController().signal;

/** On a busy machine the camera takes longer to start than a player is made to wait: a player asks again. */
async function live(wanted: { msn?: number; part?: number }): Promise<string> {
  for (;;)
    try {
      return await bench.video.livePlaylist('cam-1', 'main', wanted, signal);
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'stream-starting')) throw error;
    }
}

let playlist = await live({});
console.log(`ffmpeg ${bench.video.pids().get('cam-1')?.[0]}`);
for (;;) {
  const hint = /PRELOAD-HINT:TYPE=PART,URI="part\/main-(\d+)\.(\d+)\.m4s"/.exec(playlist);
  const [, msn, part] = hint ?? [];
  playlist = await live({ msn: Number(msn), part: Number(part) });
  console.log(`parts ${(playlist.match(/EXT-X-PART:/g) ?? []).length}`);
}
