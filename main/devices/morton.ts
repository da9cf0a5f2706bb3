/** Spreads the lower 16 bits so that each is followed by a zero. */
function spread(value: number): number {
  let bits = value & 0xffff;
  bits = (bits | (bits << 8)) & 0x00ff00ff;
  bits = (bits | (bits << 4)) & 0x0f0f0f0f;
  bits = (bits | (bits << 2)) & 0x33333333;
  return (bits | (bits << 1)) & 0x55555555;
}

/** A rectangle of the map, in the unit of its points. */
export interface Box {
  south: number;
  west: number;
  north: number;
  east: number;
}

export function boxAround(points: Iterable<{ lat: number; lon: number }>): Box {
  const box = {
    south: Number.POSITIVE_INFINITY,
    west: Number.POSITIVE_INFINITY,
    north: Number.NEGATIVE_INFINITY,
    east: Number.NEGATIVE_INFINITY,
  };
  for (const { lat, lon } of points) {
    if (lat < box.south) box.south = lat;
    if (lat > box.north) box.north = lat;
    if (lon < box.west) box.west = lon;
    if (lon > box.east) box.east = lon;
  }
  return box;
}

/** 16 bits of where `value` lies between both ends. */
const share = (value: number, low: number, high: number): number =>
  high > low ? Math.floor(((value - low) / (high - low)) * 0xffff) : 0;

/**
 * Place of a point on the Morton (Z-order) curve over the box, 16 bits an axis (about a metre in a city's box):
 * neighbours on the map are mostly neighbours on the curve.
 */
export function mortonCode(lat: number, lon: number, { south, west, north, east }: Box): number {
  return ((spread(share(lat, south, north)) << 1) | spread(share(lon, west, east))) >>> 0;
}
