import { describe, expect, it } from 'vitest';
import type { AccessPointRow } from '../../main/contract/health.ts';
import { crowdedDistricts, frequencies, planChannels } from './channel-plan.ts';
import { configVersions, firmwareVersions } from './fleet.ts';
import type { ApRow } from './rows.ts';

const METRE = 1 / 111_195;
const radio = (
  band: '2.4' | '5' | '6',
  channel: number,
  widthMHz: number,
): AccessPointRow['radios'][number] => ({ band, channel, widthMHz, txPowerDbm: 20 });

/** A point so many metres north of the first. */
const point = (num: number, north: number, radios: ApRow['radios'], change: Partial<ApRow> = {}): ApRow => ({
  ...{ id: `ap-${num}`, num, name: `Точка ${num}`, address: '', lat: 55.75 + north * METRE, lon: 37.6 },
  ...{ okrugId: 'cao', districtId: 'arbat', okrug: 'ЦАО', district: 'Арбат', owner: '', model: 'AP-7' },
  ...{ parentId: null, status: 'online', since: 1, reason: 'reported', lastSeenAt: 1, firmware: '1' },
  ...{ configId: 'c', uptimeS: 1, clients: 0, utilisation: 0, noiseDbm: -90, channels: '', radios },
  ...{ contractor: '', day: null, month: null, words: '' },
  ...change,
});

const shares = (a: Parameters<typeof frequencies>, b: Parameters<typeof frequencies>): boolean => {
  const [first, second] = [frequencies(...a), frequencies(...b)];
  return first[0] < second[1] && second[0] < first[1];
};

describe('frequencies', () => {
  it('of 2.4 GHz leave three channels free of each other', () => {
    expect(shares(['2.4', 1, 20], ['2.4', 6, 20])).toBe(false);
    expect(shares(['2.4', 1, 20], ['2.4', 4, 20])).toBe(true);
    expect(frequencies('2.4', 1, 20)).toEqual([2402, 2422]);
  });

  it('of a wide channel of 5 GHz are its block, whichever channel is the primary', () => {
    expect(frequencies('5', 36, 80)).toEqual([5170, 5250]);
    expect(frequencies('5', 48, 80)).toEqual([5170, 5250]);
    expect(frequencies('5', 149, 80)).toEqual([5735, 5815]);
    expect(shares(['5', 36, 80], ['5', 44, 20])).toBe(true);
    expect(shares(['5', 48, 80], ['5', 52, 80])).toBe(false);
    expect(frequencies('5', 100, 160)).toEqual([5490, 5650]);
  });

  it('of 6 GHz begin at 5945 MHz', () => {
    expect(frequencies('6', 1, 20)).toEqual([5945, 5965]);
    expect(frequencies('6', 5, 80)).toEqual([5945, 6025]);
  });
});

describe('channel plan', () => {
  it('finds who shares frequencies within reach, the nearest first, and who does not', () => {
    const plan = planChannels(
      [
        point(1, 0, [radio('2.4', 6, 20), radio('5', 36, 80)]),
        point(2, 90, [radio('2.4', 6, 20)]),
        point(3, 40, [radio('2.4', 6, 20)]),
        point(4, 10, [radio('2.4', 11, 20)]),
        point(5, 20, [radio('2.4', 6, 20)], { status: 'offline' }),
        point(6, 101, [radio('2.4', 6, 20)]),
      ],
      '2.4',
      100,
    );
    const first = plan.find(({ row }) => row.id === 'ap-1');
    expect(first?.neighbours.map(({ row, distanceM }) => [row.id, Math.round(distanceM)])).toEqual([
      ['ap-3', 40],
      ['ap-2', 90],
    ]);
    expect(plan.map(({ row }) => row.id)).not.toContain('ap-5');
    expect(plan.find(({ row }) => row.id === 'ap-4')?.neighbours).toEqual([]);
  });

  it('is the same as comparing all with all', () => {
    const rows = Array.from({ length: 400 }, (_, i) =>
      point(i, (i * 7919) % 3000, [radio('5', [36, 44, 100, 149][i % 4] ?? 36, i % 3 === 0 ? 80 : 20)], {
        lon: 37.6 + ((i * 104_729) % 3000) * METRE,
      }),
    );
    const plan = planChannels(rows, '5', 150);
    const flat = Math.cos((rows.reduce((sum, { lat }) => sum + lat, 0) / rows.length) * (Math.PI / 180));
    const far = (a: ApRow, b: ApRow) =>
      (Math.hypot(a.lat - b.lat, (a.lon - b.lon) * flat) * Math.PI * 6_371_000) / 180;
    const expected = rows.map((a) => {
      const [own] = a.radios;
      return rows
        .filter((b) => {
          const [other] = b.radios;
          if (a === b || !own || !other || far(a, b) > 150) return false;
          return shares(['5', own.channel, own.widthMHz], ['5', other.channel, other.widthMHz]);
        })
        .map(({ id }) => id)
        .sort();
    });
    expect(plan.map(({ neighbours }) => neighbours.map(({ row }) => row.id).sort())).toEqual(expected);
    expect(plan.some(({ neighbours }) => neighbours.length > 1)).toBe(true);
  });

  it('counts by district and channel, the worst first', () => {
    const sokol = { districtId: 'sokol', district: 'Сокол' };
    const plan = planChannels(
      [
        point(1, 0, [radio('2.4', 1, 20)]),
        point(2, 5000, [radio('2.4', 6, 20)], sokol),
        point(3, 5010, [radio('2.4', 6, 20)], sokol),
        point(4, 9000, [radio('2.4', 1, 20)], sokol),
      ],
      '2.4',
      100,
    );
    const [worst, second] = crowdedDistricts(plan);
    expect(worst).toMatchObject({ district: 'Сокол', radios: 3, disturbed: 2 });
    expect(worst?.channels.get(6)).toEqual({ radios: 2, disturbed: 2 });
    expect(worst?.channels.get(1)).toEqual({ radios: 1, disturbed: 0 });
    expect(second).toMatchObject({ district: 'Арбат', radios: 1, disturbed: 0 });
  });
});

describe('versions of the fleet', () => {
  const rows = [
    point(1, 0, []),
    point(2, 0, [], { firmware: '2', configId: null }),
    point(3, 0, [], { firmware: '2' }),
    point(4, 0, [], { model: 'AP-1', firmware: null }),
  ];

  it('are counted within a model, the most common first', () => {
    expect(firmwareVersions(rows)).toEqual([
      { model: 'AP-1', value: '', count: 1 },
      { model: 'AP-7', value: '2', count: 2 },
      { model: 'AP-7', value: '1', count: 1 },
    ]);
  });

  it('of configurations are counted over all models', () => {
    expect(configVersions(rows)).toEqual([
      { model: '', value: 'c', count: 3 },
      { model: '', value: '', count: 1 },
    ]);
  });
});
