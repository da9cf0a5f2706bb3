// A recorder in a process of its own, whose clock a test sets: `node clock-child.ts DATA_DIR URL`. Prints the
// number and the UTC ms of each segment that is stored for good.
import { camera, openVideoBench } from './video-bench.ts';

const [dataDir, url] = process.argv.slice(2);
if (!dataDir || !url) throw new Error('usage: clock-child.ts DATA_DIR URL');
const bench = await openVideoBench([camera('cam-1', 1, url)], { dataDir, limits: { defaultDays: 36_500 } });
bench.bus.on('recording.written', ({ segmentId, from, to }) => console.log(`${segmentId} ${from} ${to}`));
process.once('SIGTERM', () => {
  void bench.close().then(() => process.exit(0));
});
