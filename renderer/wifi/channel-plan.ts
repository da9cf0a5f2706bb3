import type { Radio } from '../../main/contract/health.ts';
import { type ApRow, isStale } from './rows.ts';

export type Band = Radio['band'];

/** A radio that is on the air. */
export interface OnAir {
  row: ApRow;
  channel: number;
  widthMHz: number;
}

export interface Neighbour extends OnAir {
  distanceM: number;
}

/** A radio and those near it that use some of its frequencies, the nearest first. */
export interface PlannedRadio extends OnAir {
  neighbours: readonly Neighbour[];
}

/** First channels of the stretches of 5 GHz in which wide channels are joined (IEEE 802.11, annex E). */
const STRETCHES_5 = [36, 100, 149] as const;

/**
 * The frequencies that a radio uses, MHz. Wide channels of 5 and 6 GHz lie in fixed blocks, whichever of their
 * channels is the primary one; in 2.4 GHz, where only the primary is known, they are taken to lie about it.
 */
export function frequencies(band: Band, channel: number, widthMHz: number): [from: number, to: number] {
  if (band === '2.4') {
    const centre = channel === 14 ? 2484 : 2407 + 5 * channel;
    return [centre - widthMHz / 2, centre + widthMHz / 2];
  }
  const base = band === '6' ? 5950 : 5000;
  const first = band === '6' ? 1 : (STRETCHES_5.findLast((start) => start <= channel) ?? STRETCHES_5[0]);
  const size = Math.max(1, Math.round(widthMHz / 20));
  const block = Math.floor((channel - first) / 4 / size) * size;
  const from = base + 5 * (first + 4 * block) - 10;
  return [from, from + size * 20];
}

const EARTH_M = 6_371_000;
const RAD = Math.PI / 180;

/**
 * Which radios of a band share frequencies with others within `reachM` metres. Points that are off the air disturb
 * nobody. Distances are on the flat about the points' middle: off by less than a thousandth within a city.
 */
export function planChannels(rows: readonly ApRow[], band: Band, reachM: number): PlannedRadio[] {
  const radios = rows
    .filter((row) => !isStale(row))
    .flatMap((row) =>
      row.radios
        .filter((radio) => radio.band === band)
        .map(({ channel, widthMHz }) => ({
          row,
          channel,
          widthMHz,
          span: frequencies(band, channel, widthMHz),
        })),
    );
  const middle = radios.reduce((sum, { row }) => sum + row.lat, 0) / Math.max(1, radios.length);
  const placed = radios.map((radio) => ({
    ...radio,
    x: radio.row.lon * RAD * EARTH_M * Math.cos(middle * RAD),
    y: radio.row.lat * RAD * EARTH_M,
  }));
  const cells = new Map<string, typeof placed>();
  const cellOf = (metres: number) => Math.floor(metres / reachM);
  for (const radio of placed) {
    const key = `${cellOf(radio.x)} ${cellOf(radio.y)}`;
    const cell = cells.get(key);
    if (cell) cell.push(radio);
    else cells.set(key, [radio]);
  }
  return placed.map(({ row, channel, widthMHz, span, x, y }) => {
    const neighbours: Neighbour[] = [];
    for (const dx of [-1, 0, 1])
      for (const dy of [-1, 0, 1])
        for (const other of cells.get(`${cellOf(x) + dx} ${cellOf(y) + dy}`) ?? []) {
          if (other.row.id === row.id) continue;
          if (other.span[0] >= span[1] || other.span[1] <= span[0]) continue;
          const distanceM = Math.hypot(other.x - x, other.y - y);
          if (distanceM <= reachM)
            neighbours.push({ row: other.row, channel: other.channel, widthMHz: other.widthMHz, distanceM });
        }
    neighbours.sort((a, b) => a.distanceM - b.distanceM);
    return { row, channel, widthMHz, neighbours };
  });
}

export interface Crowd {
  radios: number;
  /** Of those, the ones with a neighbour on their frequencies. */
  disturbed: number;
}

/** How full each channel of a district is. */
export interface DistrictPlan extends Crowd {
  districtId: string;
  district: string;
  channels: ReadonlyMap<number, Crowd>;
}

/** Districts by how many of their radios are disturbed, the worst first. */
export function crowdedDistricts(plan: readonly PlannedRadio[]): DistrictPlan[] {
  const found = new Map<string, DistrictPlan & { channels: Map<number, Crowd> }>();
  for (const { row, channel, neighbours } of plan) {
    const { districtId, district } = row;
    const place = found.get(districtId) ?? {
      districtId,
      district,
      radios: 0,
      disturbed: 0,
      channels: new Map(),
    };
    found.set(districtId, place);
    const crowd = place.channels.get(channel) ?? { radios: 0, disturbed: 0 };
    place.channels.set(channel, crowd);
    for (const count of [place, crowd]) {
      count.radios += 1;
      if (neighbours.length > 0) count.disturbed += 1;
    }
  }
  return [...found.values()].sort(
    (a, b) => b.disturbed - a.disturbed || b.radios - a.radios || a.district.localeCompare(b.district),
  );
}
