import { describe, expect, it, test } from 'vitest';
import { Bands, channelAllowed, channelsOf, needsRadarWatch, widthsOf } from './radio-plan.ts';

const every4 = (from: number, to: number) =>
  Array.from({ length: (to - from) / 4 + 1 }, (_, at) => from + 4 * at);

describe('channels that Russia allows', () => {
  it('are 1 to 13 in 2.4 GHz, none of them wider than 40 MHz', () => {
    expect(channelsOf('2.4', 20)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(channelsOf('2.4', 40)).toEqual(channelsOf('2.4', 20));
    expect(channelsOf('2.4', 80)).toEqual([]);
    expect(widthsOf('2.4')).toEqual([20, 40]);
  });

  it('are those within 5150-5350 and 5650-5850 MHz, edges included', () => {
    const low = every4(36, 64);
    expect(channelsOf('5', 20)).toEqual([...low, ...every4(132, 144), ...every4(149, 165)]);
    // 165 has no neighbour within the band to be wide with.
    for (const width of [40, 80] as const)
      expect(channelsOf('5', width)).toEqual([...low, ...every4(132, 144), ...every4(149, 161)]);
    expect(channelsOf('5', 160)).toEqual(low);
  });

  it('are those within 5925-6425 MHz, of each width alike', () => {
    for (const width of widthsOf('6')) expect(channelsOf('6', width)).toEqual(every4(1, 93));
  });

  it.each([
    ['5', 100, 20],
    ['5', 169, 20],
    ['5', 38, 40],
    ['5', 37, 20],
    ['5', 149, 160],
    ['6', 97, 20],
    ['6', 2, 20],
    ['2.4', 14, 20],
    ['2.4', 0, 20],
  ] as const)('%s GHz: channel %i of %i MHz is not one', (band, channel, width) => {
    expect(channelAllowed(band, channel, width)).toBe(false);
  });
});

test('radar is listened for wherever the channel touches its bands, however wide it is', () => {
  expect(channelsOf('5', 80).filter((channel) => needsRadarWatch('5', channel, 80))).toEqual([
    ...every4(52, 64),
    ...every4(132, 144),
  ]);
  expect(needsRadarWatch('5', 36, 80)).toBe(false);
  // 36 at 160 MHz reaches up to 5330.
  expect(needsRadarWatch('5', 36, 160)).toBe(true);
  for (const band of Bands.filter((one) => one !== '5'))
    for (const channel of channelsOf(band, 20)) expect(needsRadarWatch(band, channel, 20)).toBe(false);
});
