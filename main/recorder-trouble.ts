import type { DiskStatus } from './contract/recording.ts';
import { type Trouble, troubleOf } from './contract/trouble.ts';

/**
 * What keeps footage from being kept, for everybody: folders and the system's own words stand in the settings.
 * @param failingSince since when footage of any camera is being lost; null while none is
 * @param problem what was said last of it; null when nothing was
 */
export function recorderTrouble(
  disks: readonly Pick<DiskStatus, 'place' | 'problem'>[],
  failingSince: number | null,
  problem: string | null,
): Trouble | null {
  const disk = disks.find((one) => one.problem !== null);
  if (disk)
    return troubleOf('recorder-disk', `Disk ${disk.place} does not take footage.`, { place: disk.place });
  if (failingSince !== null) return troubleOf('recorder-files', 'Footage of some cameras cannot be written.');
  return problem === null
    ? null
    : troubleOf('recorder-index', 'Footage is kept, but cannot be noted in the index yet.');
}
