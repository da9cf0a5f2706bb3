// A recorder in a process of its own, for tests that kill it: `node recorder-child.ts DATA_DIR URL`.
// Prints each part's number and true time as the live view gets it, and the process id of its ffmpeg.
import { camera, openVideoBench } from './video-bench.ts';

const [dataDir, url] = process.argv.slice(2);
if (!dataDir || !url) throw new Error('usage: recorder-child.ts DATA_DIR URL');
const bench = await openVideoBench([camera('cam-1', 1, url)], { dataDir });
const signal = new AbortController().signal;
let playlist = await bench.video.livePlaylist('cam-1', 'main', {}, signal);
console.log(`ffmpeg ${bench.video.pids().get('cam-1')?.[0]}`);
for (;;) {
  const hint = /PRELOAD-HINT:TYPE=PART,URI="part\/main-(\d+)\.(\d+)\.m4s"/.exec(playlist);
  const [, msn, part] = hint ?? [];
  playlist = await bench.video.livePlaylist(
    'cam-1',
    'main',
    { msn: Number(msn), part: Number(part) },
    signal,
  );
  console.log(`parts ${(playlist.match(/EXT-X-PART:/g) ?? []).length}`);
}
