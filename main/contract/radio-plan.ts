import { z } from 'zod';

/**
 * Channels that may be set in Russia: the `RU` entry of wireless-regdb (2400-2483.5 MHz at 40 MHz wide; 5150-5350 and
 * 5650-5850, and 5925-6425, at 160 MHz wide, indoors; 20 dBm or 100 mW in all), cut into the channels of IEEE 802.11-2020
 * annex E. Radar (DFS) is listened for where ETSI EN 301 893 has it: 5250-5350 and 5470-5725 MHz.
 */
export const Bands = ['2.4', '5', '6'] as const;
export const Band = z.enum(Bands);
export type Band = z.infer<typeof Band>;

export const Widths = [20, 40, 80, 160] as const;
export type Width = (typeof Widths)[number];

export const MAX_TX_POWER_DBM = 20;

interface Block {
  from: number;
  to: number;
}

const ALLOWED: Readonly<Record<Band, readonly Block[]>> = {
  '2.4': [{ from: 2400, to: 2483.5 }],
  '5': [
    { from: 5150, to: 5350 },
    { from: 5650, to: 5850 },
  ],
  '6': [{ from: 5925, to: 6425 }],
};
const RADAR: readonly Block[] = [
  { from: 5250, to: 5350 },
  { from: 5470, to: 5725 },
];

/** Runs of neighbours, 20 MHz each, that wider channels are made of: first and last channel. */
const RUNS: Readonly<Record<'5' | '6', readonly { first: number; last: number }[]>> = {
  '5': [
    { first: 36, last: 64 },
    { first: 100, last: 144 },
    { first: 149, last: 177 },
  ],
  '6': [{ first: 1, last: 233 }],
};

/** Lowest 20 MHz channel of the one that holds `channel` and is as wide as said; undefined where there is none. */
function lowest(band: '5' | '6', channel: number, width: Width): number | undefined {
  const run = RUNS[band].find(({ first, last }) => channel >= first && channel <= last);
  if (!run || (channel - run.first) % 4 !== 0) return undefined;
  const step = width / 5;
  const low = run.first + Math.floor((channel - run.first) / step) * step;
  return low + step - 4 <= run.last ? low : undefined;
}

/** From edge to edge, MHz; undefined where there is no such channel. In 2.4 GHz, 40 MHz reach to the side with room. */
function blockOf(band: Band, channel: number, width: Width): Block | undefined {
  if (band === '2.4') {
    if (channel < 1 || channel > 13 || width > 40) return undefined;
    const centre = 2407 + 5 * channel;
    if (width === 20) return { from: centre - 10, to: centre + 10 };
    return channel <= 9 ? { from: centre - 10, to: centre + 30 } : { from: centre - 30, to: centre + 10 };
  }
  const low = lowest(band, channel, width);
  if (low === undefined) return undefined;
  const from = (band === '5' ? 5000 : 5950) + 5 * low - 10;
  return { from, to: from + width };
}

/** May the channel be set with this width? */
export function channelAllowed(band: Band, channel: number, width: Width): boolean {
  const block = blockOf(band, channel, width);
  return block !== undefined && ALLOWED[band].some(({ from, to }) => block.from >= from && block.to <= to);
}

/** Does the channel, as wide as it is, lie where radar must be listened for? */
export function needsRadarWatch(band: Band, channel: number, width: Width): boolean {
  const block = band === '5' ? blockOf(band, channel, width) : undefined;
  return block !== undefined && RADAR.some(({ from, to }) => block.from < to && block.to > from);
}

/** In 5 and 6 GHz only inside buildings, unless the city has a permit of its own. */
export const indoorOnly = (band: Band): boolean => band !== '2.4';

/** Widths that exist in the band. */
export const widthsOf = (band: Band): readonly Width[] => (band === '2.4' ? [20, 40] : Widths);

/** Channels that may be set with this width, in order. */
export function channelsOf(band: Band, width: Width): number[] {
  const found: number[] = [];
  for (let channel = 1; channel <= 233; channel++)
    if (channelAllowed(band, channel, width)) found.push(channel);
  return found;
}
