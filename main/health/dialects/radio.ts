import { Type } from '@sinclair/typebox';

/** Band of a frequency in MHz (IEEE 802.11-2024 annex E); undefined outside the three that access points use. */
export function bandOfFrequency(mhz: number | undefined): '2.4' | '5' | '6' | undefined {
  if (mhz === undefined) return undefined;
  if (mhz >= 2_400 && mhz < 2_500) return '2.4';
  if (mhz >= 4_900 && mhz < 5_925) return '5';
  if (mhz >= 5_925 && mhz <= 7_125) return '6';
  return undefined;
}

/** What a client told of itself may be anything: only a text is passed on. */
export const text = (maxLength: number) => Type.String({ maxLength });

/** No access point has more; a report of more is broken, and what it costs must be known beforehand. */
export const CLIENTS_LIMIT = 1_024;
