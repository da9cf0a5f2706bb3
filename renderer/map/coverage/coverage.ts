import type { AccessPointRow, HealthStatus } from '../../../main/contract/health.ts';
import type { Band } from '../../../main/contract/radio-plan.ts';
import { frequencies } from '../../wifi/channel-plan.ts';
import { reachM } from './propagation.ts';

/** Below this a telephone looks for another point (the threshold at which iPhones begin to roam), dBm. */
export const LEVEL_DBM = -70;

/** One point's estimated coverage in a band. */
export interface Disc {
  id: string;
  lat: number;
  lon: number;
  /** Metres where the point is in sight. */
  openM: number;
  /** Metres behind buildings; never more than in sight. */
  hiddenM: number;
  /** Whether anything comes from it now: a point that is gone leaves a hole of about this size. */
  onAir: boolean;
}

export interface Coverage {
  discs: readonly Disc[];
  /** Points with a radio in the band whose power is unknown: nothing is drawn for them. */
  untold: number;
}

/** States in which nothing comes from a point. A late one is believed to be there until it is known to be gone. */
const SILENT: ReadonlySet<HealthStatus> = new Set(['offline', 'never-seen']);

type CoveredPoint = Pick<AccessPointRow, 'id' | 'lat' | 'lon' | 'status' | 'radios'>;

/**
 * Where a telephone is likely to hold on, by the power that each point says it radiates. The power is taken for
 * EIRP of an antenna that favours no direction: reports name neither its gain nor its height.
 */
export function coverageOf(points: readonly CoveredPoint[], band: Band): Coverage {
  const discs: Disc[] = [];
  let untold = 0;
  for (const { id, lat, lon, status, radios } of points) {
    const own = radios.filter((radio) => radio.band === band);
    if (own.length === 0) continue;
    let openM = 0;
    let hiddenM = 0;
    for (const { channel, widthMHz, txPowerDbm } of own) {
      if (txPowerDbm === null) continue;
      const [from, to] = frequencies(band, channel, widthMHz);
      const middleGHz = (from + to) / 2000;
      openM = Math.max(openM, reachM('open', txPowerDbm, middleGHz, LEVEL_DBM));
      hiddenM = Math.max(hiddenM, reachM('hidden', txPowerDbm, middleGHz, LEVEL_DBM));
    }
    if (openM === 0) untold += 1;
    else discs.push({ id, lat, lon, openM, hiddenM: Math.min(hiddenM, openM), onAir: !SILENT.has(status) });
  }
  return { discs, untold };
}
