import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { HealthStatuses } from '../../main/contract/health.ts';
import { createStatusStore, type StatusChangeTuple } from './statuses.ts';

const change = fc.tuple(
  fc.integer({ min: 1, max: 5000 }),
  fc.integer({ min: 0, max: HealthStatuses.length - 1 }),
  fc.integer({ min: 0, max: 2 ** 45 }),
);

describe('status store', () => {
  it('holds the last change of each device, whatever the order and however far the numbers reach', () => {
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 30 }), { maxLength: 10 }), (batches) => {
        const store = createStatusStore();
        const model = new Map<number, StatusChangeTuple>();
        for (const batch of batches) {
          store.apply(batch);
          for (const one of batch) model.set(one[0], one);
        }
        for (const [num, [, status, since]] of model)
          expect(store.get(num)).toEqual({ status: HealthStatuses[status], since });
        expect(store.get(6000)).toBeUndefined();
      }),
    );
  });

  it('passes over statuses that this console does not know', () => {
    const store = createStatusStore();
    const heard = vi.fn();
    store.subscribe(heard);
    store.apply([[7, HealthStatuses.length, 1]]);
    expect(store.get(7)).toBeUndefined();
    expect(heard).not.toHaveBeenCalled();
  });

  it('wakes only those who listen to the device, and nobody after they left', () => {
    const store = createStatusStore();
    const seven = vi.fn();
    const eight = vi.fn();
    const leave = store.subscribeTo(7, seven);
    store.subscribeTo(8, eight);
    store.apply([
      [7, 1, 10],
      [7, 4, 11],
    ]);
    expect(seven).toHaveBeenCalledTimes(1);
    expect(eight).not.toHaveBeenCalled();
    leave();
    store.apply([[7, 1, 12]]);
    expect(seven).toHaveBeenCalledTimes(1);
  });

  it('forgets everything when told so', () => {
    const store = createStatusStore();
    store.apply([[3, 4, 5]]);
    store.clear();
    expect(store.get(3)).toBeUndefined();
  });
});
