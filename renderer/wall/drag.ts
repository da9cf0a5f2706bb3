const CAMERA_TYPE = 'application/x-kalancha-camera';
const TILE_TYPE = 'application/x-kalancha-tile';

/** A camera is dragged out of a list. */
export function takeCamera(data: DataTransfer, cameraId: string): void {
  data.setData(CAMERA_TYPE, cameraId);
  data.effectAllowed = 'copy';
}

/** A tile is dragged to another one's place. */
export function takeTile(data: DataTransfer, at: number): void {
  data.setData(TILE_TYPE, String(at));
  data.effectAllowed = 'move';
}

/** Whether what is over a tile may be dropped there: files and links from elsewhere may not. */
export const takeable = (data: DataTransfer): boolean =>
  data.types.includes(CAMERA_TYPE) || data.types.includes(TILE_TYPE);

export function dropped(data: DataTransfer): { cameraId: string } | { tile: number } | null {
  const cameraId = data.getData(CAMERA_TYPE);
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(cameraId)) return { cameraId };
  const tile = data.getData(TILE_TYPE);
  return /^\d{1,3}$/.test(tile) ? { tile: Number(tile) } : null;
}
