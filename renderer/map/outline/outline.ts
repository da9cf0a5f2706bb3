import data from './outline.json' with { type: 'json' };

/**
 * The built-in basemap: Moscow without a network. Hand-drawn and approximate; `outline.json` is written by
 * `fixtures/city/write-outline.ts` from the same geometry that places the demonstration's devices.
 */
export interface Outline {
  version: number;
  /** Outlines of the city's three parts: old city, Zelenograd, New Moscow. */
  city: FlatLine[];
  okrugs: { id: string; ru: string; en: string; shortRu: string; lat: number; lon: number }[];
  districts: {
    id: string;
    okrugId: string;
    ru: string;
    en: string;
    /** Where the label stands. */
    lat: number;
    lon: number;
    /** The district is the union of these; fill them without a stroke. */
    polygons: FlatLine[];
  }[];
  okrugBorders: FlatLine[];
  /** Between districts of one okrug. */
  districtBorders: FlatLine[];
  rivers: { ru: string; en: string; widthM: number; line: FlatLine }[];
  /** Closed, like parks. */
  lakes: NamedOutline[];
  parks: NamedOutline[];
  /** `rank` is `ring` or `avenue`. */
  roads: (NamedOutline & { rank: string })[];
}

/** Latitude, longitude, latitude, longitude … in degrees. */
export type FlatLine = number[];
type NamedOutline = { ru: string; en: string; line: FlatLine };

export const outline: Outline = data;

/** The line as pairs of latitude and longitude, as Leaflet takes it. */
export function latLngs(line: FlatLine): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = 0; i + 1 < line.length; i += 2) pairs.push([line[i] ?? 0, line[i + 1] ?? 0]);
  return pairs;
}
