import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeviceKinds } from '../../main/contract/device.ts';
import { HealthStatuses } from '../../main/contract/health.ts';
import { Bands } from '../../main/contract/radio-plan.ts';
import { readMapSearch, writeMapSearch } from './map-search.ts';

describe('address of the map', () => {
  it('says again all that was written into it', () => {
    fc.assert(
      fc.property(
        fc.subarray([...DeviceKinds]),
        fc.subarray([...HealthStatuses]),
        fc.option(fc.string({ minLength: 1 })),
        fc.option(fc.string({ minLength: 1 })),
        fc.option(fc.constantFrom(...Bands)),
        fc.oneof(
          fc.record({
            device: fc.string({ minLength: 1 }),
            panel: fc.constantFrom('card' as const, 'edit' as const),
          }),
          fc.record({
            device: fc.constant(null),
            panel: fc.constantFrom('new' as const, 'list' as const, null),
          }),
        ),
        (kinds, statuses, area, group, coverage, open) => {
          const search = { kinds, statuses, area, group, coverage, ...open };
          expect(readMapSearch(new URLSearchParams(writeMapSearch(search).toString()))).toEqual(search);
        },
      ),
    );
  });

  it('passes over what it does not know', () => {
    const search = readMapSearch(new URLSearchParams('kind=tram,ap&status=sad&panel=edit&coverage=7'));
    expect(search).toMatchObject({ kinds: ['ap'], statuses: [], coverage: null, device: null, panel: null });
  });
});
