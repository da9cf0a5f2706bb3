/** Most cameras on one timeline. */
export const MOST_CAMERAS = 9;

/** What the address of the archive says: `/archive?camera=ID&at=MS`, or `?cameras=ID,ID,…&at=MS`. */
export interface ArchiveAddress {
  cameraIds: readonly string[];
  /** UTC ms; null is live. */
  at: number | null;
}

export function readAddress(search: URLSearchParams): ArchiveAddress {
  const at = Number(search.get('at') ?? Number.NaN);
  const named = [...(search.get('cameras') ?? '').split(','), search.get('camera') ?? ''];
  return {
    cameraIds: [...new Set(named.map((id) => id.trim()).filter((id) => id !== ''))].slice(0, MOST_CAMERAS),
    at: Number.isFinite(at) && at > 0 && at < 8.64e15 ? Math.round(at) : null,
  };
}

export function writeAddress({ cameraIds, at }: ArchiveAddress): string {
  const search = new URLSearchParams();
  const [only] = cameraIds;
  if (cameraIds.length === 1 && only) search.set('camera', only);
  else if (cameraIds.length > 1) search.set('cameras', cameraIds.join(','));
  if (at !== null) search.set('at', String(Math.round(at)));
  // Commas may stand as they are, and an address that people pass on is easier to read with them.
  return `/archive?${search.toString().replaceAll('%2C', ',')}`;
}
