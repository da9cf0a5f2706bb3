import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HealthStatuses } from '../../../main/contract/health.ts';
import { clusterRadius, ringParts, worstOf } from './ring.ts';

const counts = fc
  .array(fc.nat(100_000), { minLength: HealthStatuses.length, maxLength: HealthStatuses.length })
  .map((list) => Uint32Array.from(list));

describe('ring of a cluster', () => {
  it('is whole, without gaps, and has a part for each status present', () => {
    fc.assert(
      fc.property(counts, (list) => {
        const parts = ringParts(list);
        expect(parts.map(({ count }) => count).sort()).toEqual([...list].filter((n) => n > 0).sort());
        let at = 0;
        for (const { from, to } of parts) {
          expect(from).toBeCloseTo(at, 9);
          expect(to).toBeGreaterThan(from);
          at = to;
        }
        if (parts.length > 0) expect(at).toBeCloseTo(2 * Math.PI, 9);
      }),
    );
  });

  it('shows one device in trouble among thousands', () => {
    const list = new Uint32Array(HealthStatuses.length);
    list[HealthStatuses.indexOf('online')] = 20_000;
    list[HealthStatuses.indexOf('offline')] = 1;
    const [first] = ringParts(list);
    expect(first?.status).toBe('offline');
    expect(first && first.to - first.from).toBeGreaterThan(0.25);
  });

  it('is nothing where nothing is', () => {
    expect(ringParts(new Uint32Array(HealthStatuses.length))).toEqual([]);
  });
});

describe('worst of a cluster', () => {
  it('is the loudest present, and nothing in a healthy place', () => {
    const list = new Uint32Array(HealthStatuses.length);
    list[HealthStatuses.indexOf('online')] = 5;
    list[HealthStatuses.indexOf('maintenance')] = 2;
    expect(worstOf(list)).toBeNull();
    list[HealthStatuses.indexOf('degraded')] = 3;
    list[HealthStatuses.indexOf('suspect')] = 1;
    expect(worstOf(list)).toEqual({ status: 'suspect', count: 1 });
  });
});

describe('size of a cluster', () => {
  it('grows with the count, slowly', () => {
    expect(clusterRadius(10)).toBeLessThan(clusterRadius(1000));
    expect(clusterRadius(170_000)).toBeLessThan(40);
  });
});
