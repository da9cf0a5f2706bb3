import { expect, test } from 'vitest';
import { DeviceInput, DevicePatch } from './device.ts';

test('a patch holds only what is given', () => {
  expect(DevicePatch.parse({ name: ' X ' })).toEqual({ name: 'X' });
  expect(DevicePatch.parse({})).toEqual({});
  expect(() => DevicePatch.parse({ id: 'x' })).toThrow();
  expect(() => DevicePatch.parse({ kind: 'ap' })).toThrow();
});

test('a new device is filled up', () => {
  const given = { id: 'a', kind: 'camera', name: 'A', lat: 1, lon: 2, districtId: 'd' };
  expect(DeviceInput.parse(given)).toMatchObject({ ...given, recorded: true, groupIds: [], streamUrl: null });
});
