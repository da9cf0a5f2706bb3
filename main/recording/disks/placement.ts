/** A disk that takes footage, as placing sees it. */
export interface Candidate {
  num: number;
  /** Bytes that it can hold for us, footage already there included. */
  capacity: number;
  /** Bytes a second that are written to it, the track in question left out. */
  load: number;
}

/** A track stays where it is until another disk would carry it this much more easily. */
const STICKY = 1.5;

/**
 * The disk that is least loaded for its size once it carries the track too: disks of any sizes fill, and give
 * their oldest footage away, at the same pace. A track stays where it is while that is nearly as good.
 * @returns undefined when there is no candidate
 */
export function choosePlace(
  candidates: readonly Candidate[],
  current: number | undefined,
  rate: number,
): number | undefined {
  const strain = (disk: Candidate) => (disk.load + rate) / Math.max(1, disk.capacity);
  let best: Candidate | undefined;
  for (const disk of candidates) if (!best || strain(disk) < strain(best)) best = disk;
  const stays = candidates.find((disk) => disk.num === current);
  if (stays && best && strain(stays) <= strain(best) * STICKY) return stays.num;
  return best?.num;
}
