// A recorder in a process of its own that writes as fast as it can, for a test that kills it at any moment:
// `node kill-child.ts DATA_DIR MP4_FILE FIRST_MSN`. Prints `begun` once it writes, then the camera and number of
// each segment that is stored for good.
import { readFile } from 'node:fs/promises';
import { openStorage } from '../../main/storage/database.ts';
import { killCameras, openKillRecording, startOf } from './kill-recording.ts';
import { writeFootage } from './written-footage.ts';

const [dataDir, mp4File, first] = process.argv.slice(2);
if (!dataDir || !mp4File || !first) throw new Error('usage: kill-child.ts DATA_DIR MP4_FILE FIRST_MSN');
const mp4 = await readFile(mp4File);
const storage = await openStorage(dataDir);
const { recording, bus } = openKillRecording(storage.db, dataDir);
bus.on('recording.written', ({ cameraId, segmentId }) => console.log(`${cameraId} ${segmentId}`));
await recording.start();
console.log('begun');
for (let msn = Number(first); ; msn += 100) {
  await Promise.all(
    killCameras.map(async (camera) => {
      const writer = recording.writer(camera, 'main');
      writeFootage(writer, mp4, startOf(camera.num, msn), msn);
      await writer.close();
    }),
  );
  await recording.retain();
}
