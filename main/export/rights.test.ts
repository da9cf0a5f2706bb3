import { expect, test } from 'vitest';
import type { Action } from '../contract/access.ts';
import type { DeviceRecord } from '../devices/types.ts';
import { type CopyOf, refusalOf } from './rights.ts';

const devices = {
  get: (id: string) =>
    id === 'gone' ? undefined : ({ id, kind: id === 'ap' ? 'ap' : 'camera' } as DeviceRecord),
};
const copy: CopyOf = { cameraIds: ['a', 'b'], from: 1000, original: false, sound: false, askedAt: 5000 };
const without =
  (...missing: Action[]) =>
  (action: Action) =>
    missing.includes(action)
      ? ({ allowed: false, reason: 'no-grant' } as const)
      : ({ allowed: true } as const);

test('a copy needs the right to export and the archive, on each of its cameras', () => {
  expect(refusalOf(copy, 5000, devices, without())).toBeNull();
  for (const action of ['video.export', 'video.archive'] as const)
    expect(refusalOf(copy, 5000, devices, without(action))).toEqual({
      cameraId: 'a',
      action,
      reason: 'no-grant',
    });
  const onlyB = refusalOf(copy, 5000, devices, (_action, { id }) =>
    id === 'b' ? { allowed: false, reason: 'denied' } : { allowed: true },
  );
  expect(onlyB).toMatchObject({ cameraId: 'b', reason: 'denied' });
});

test('the untouched copy and sound are rights of their own', () => {
  const may = without('video.export-original', 'video.audio');
  expect(refusalOf(copy, 5000, devices, may)).toBeNull();
  expect(refusalOf({ ...copy, original: true }, 5000, devices, may)?.action).toBe('video.export-original');
  expect(refusalOf({ ...copy, sound: true }, 5000, devices, may)?.action).toBe('video.audio');
});

test('a camera that is gone, or none, is nobody’s to export', () => {
  for (const id of ['gone', 'ap'])
    expect(refusalOf({ ...copy, cameraIds: [id] }, 5000, devices, without())?.reason).toBe('no-grant');
});

test('depth is measured from when the copy was asked for, not from while it waits', () => {
  const times = new Set<number>();
  refusalOf(copy, 65_000, devices, (_action, _device, footageTime) => {
    times.add(65_000 - footageTime);
    return { allowed: true };
  });
  expect([...times]).toEqual([4000]);
});
