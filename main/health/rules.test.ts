import { expect, test } from 'vitest';
import { statePayload, statusPayload } from '../../tests/support/health-harness.ts';
import { turnedHealth } from '../../tests/support/turned-health.ts';

/** Rules of liveness that no file of one idea proves by itself. */
const turned = turnedHealth();
const { birth, state, healthOf, ap } = turned;
const HOUR = 3_600_000;

test.each([3 * HOUR, -3 * HOUR])(
  'availability goes by the hub’s clock, though the device’s is %i ms off',
  async (skewMs) => {
    const { hub } = turned;
    const ts = () => hub.clock.now() + skewMs;
    hub.send('ap', 'ap-1', 'status', { ...statusPayload('ap-1', 1), ts: ts() });
    for (let seq = 1; seq <= 4; seq++) {
      hub.send('ap', 'ap-1', 'state', { ...statePayload('ap-1', 1, seq, { cpuPct: 5 }), ts: ts() });
      hub.seconds(30);
      expect(ap()).toBe('online');
    }
    expect((await healthOf(1)).skewMs).toBe(skewMs);
    const heard = hub.clock.now() - 30_000;
    hub.seconds(60);
    expect(ap()).toBe('offline');
    const [gone] = (await healthOf(1)).changes;
    expect(gone?.status).toBe('offline');
    expect(gone?.at).toBeGreaterThanOrEqual(heard + 75_000);
    expect(gone?.at).toBeLessThanOrEqual(heard + 77_000);
    // Charts too: what a clock says that is so far off is no time.
    expect(hub.samples).toHaveLength(4);
    for (const { at } of hub.samples) expect(Math.abs(at - heard)).toBeLessThan(5 * 60_000);
  },
);

test('a replaced device goes on with the history of its place', async () => {
  birth(17);
  state(17, 400, { cpuPct: 5 });
  await turned.hub.health.flush();
  turned.hub.seconds(200);
  expect(ap()).toBe('offline');
  birth(1);
  state(1, 1, { firmware: 'of the new unit', cpuPct: 9 });
  await turned.hub.health.flush();
  expect((await healthOf(1)).changes.map(({ status }) => status)).toEqual(
    expect.arrayContaining(['online', 'offline', 'suspect']),
  );
  // The values of both units are of the one place.
  expect(turned.hub.samples.map(({ num }) => num)).toEqual([1, 1]);
  await turned.restart();
  expect(await healthOf(1)).toMatchObject({ session: 1 });
  expect((await healthOf(1)).changes.map(({ status }) => status)).toContain('offline');
});
