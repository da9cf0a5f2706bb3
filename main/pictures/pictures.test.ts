import { expect, it } from 'vitest';
import { makeTestCity } from '../devices/test-city.ts';
import { createPictures } from './pictures.ts';

it('watches no camera only because somebody asked about it', async () => {
  const city = await makeTestCity();
  try {
    const lookedUp: string[] = [];
    const pictures = createPictures({
      ...{ db: city.storage.db, clock: city.clock, log: city.log, ffmpegPath: 'ffmpeg' },
      running: () => [],
      keyframe: () => undefined,
      exists(cameraId) {
        lookedUp.push(cameraId);
        return true;
      },
      onFinding: () => undefined,
    });
    expect(await pictures.check('cam-1')).toMatchObject({ checkedAt: null, finding: null });
    await pictures.round();
    // Each round looks up all that are watched.
    expect(lookedUp).toEqual([]);
  } finally {
    await city.stop();
  }
});
