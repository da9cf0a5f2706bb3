/** What the address of the archive says: `/archive?camera=ID&at=MS`. */
export interface ArchiveAddress {
  cameraId: string;
  /** UTC ms; null is live. */
  at: number | null;
}

export function readAddress(search: URLSearchParams): ArchiveAddress {
  const at = Number(search.get('at') ?? Number.NaN);
  return {
    cameraId: search.get('camera') ?? '',
    at: Number.isFinite(at) && at > 0 && at < 8.64e15 ? Math.round(at) : null,
  };
}

export function writeAddress({ cameraId, at }: ArchiveAddress): string {
  const search = new URLSearchParams();
  if (cameraId) search.set('camera', cameraId);
  if (at !== null) search.set('at', String(Math.round(at)));
  return `/archive?${search}`;
}
