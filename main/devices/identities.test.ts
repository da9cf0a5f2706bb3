import { expect, test } from 'vitest';
import { makeTestCity, testDevice } from './test-city.ts';

test('every device with the names that makers gave it, or those asked for', async () => {
  const city = await makeTestCity();
  try {
    const many = Array.from({ length: 2_100 }, (_, index) =>
      testDevice({ id: `cam-${index}`, serial: `S${index}` }),
    );
    await city.devices.seed([], [], [...many, testDevice({ id: 'ap-1', serial: '', mac: 'aabbccddeeff' })]);
    const all = await city.devices.identities();
    expect(new Set(all.map(({ id }) => id)).size).toBe(2_101);
    const some = await city.devices.identities(['ap-1', 'cam-7', 'nobody']);
    expect(new Map(some.map(({ id, serial, mac }) => [id, { serial, mac }]))).toEqual(
      new Map([
        ['cam-7', { serial: 'S7', mac: '' }],
        ['ap-1', { serial: '', mac: 'AA:BB:CC:DD:EE:FF' }],
      ]),
    );
    expect(await city.devices.identities(many.map(({ id }) => id))).toHaveLength(2_100);
    expect(await city.devices.identities([])).toEqual([]);
  } finally {
    await city.stop();
  }
});
