/** Spreads the lower 16 bits so that each is followed by a zero. */
function spread(value: number): number {
  let bits = value & 0xffff;
  bits = (bits | (bits << 8)) & 0x00ff00ff;
  bits = (bits | (bits << 4)) & 0x0f0f0f0f;
  bits = (bits | (bits << 2)) & 0x33333333;
  return (bits | (bits << 1)) & 0x55555555;
}

/**
 * Place of a point on the Morton (Z-order) curve over the whole globe, 16 bits an axis (about 300 m by 600 m at
 * the equator): neighbours on the map are mostly neighbours on the curve. `lat` and `lon` in 1e-6 degree.
 */
export function mortonCode(lat: number, lon: number): number {
  const y = Math.min(0xffff, Math.floor(((lat + 90e6) / 180e6) * 0x10000));
  const x = Math.min(0xffff, Math.floor(((lon + 180e6) / 360e6) * 0x10000));
  return ((spread(y) << 1) | spread(x)) >>> 0;
}
