/** What a disk that was full must have free beyond its floor before it takes footage again. */
const RETURN_BYTES = 2 ** 20;
const RETURN_S = 30;

/**
 * Below this nothing more is written, though nothing may be deleted either: where footage shares its disk with
 * the database or the system, those need the rest.
 */
export const floorBytes = (minFreeBytes: number): number => Math.floor(minFreeBytes / 4);

/** So much must be free that a disk once full is not full again at once. */
export const roomToReturn = (minFreeBytes: number, bytesPerSecond: number): number =>
  Math.max(floorBytes(minFreeBytes) * 2, RETURN_BYTES + RETURN_S * bytesPerSecond);

export interface RoomFacts {
  maxBytes: number | null;
  minFreeBytes: number;
  /** null where the system does not tell. */
  freeBytes: number | null;
  /** Of footage. */
  bytes: number;
  heldBytes: number;
  /** Younger than an hour: only the disk's own byte limit may delete them. */
  youngBytes: number;
  bytesPerSecond: number;
}

/**
 * Hours until a disk is full at the present rate, if everything that may be deleted is. Null while nothing is
 * written, or nobody knows how much is free.
 */
export function hoursLeft(facts: RoomFacts): number | null {
  const { maxBytes, minFreeBytes, freeBytes, bytes, heldBytes, youngBytes, bytesPerSecond } = facts;
  if (bytesPerSecond <= 0) return null;
  const rooms: number[] = [];
  if (freeBytes !== null)
    rooms.push(freeBytes - minFreeBytes + Math.max(0, bytes - Math.max(heldBytes, 0) - youngBytes));
  if (maxBytes !== null) rooms.push(maxBytes - heldBytes);
  if (rooms.length === 0) return null;
  return Math.max(0, Math.min(...rooms)) / bytesPerSecond / 3600;
}
