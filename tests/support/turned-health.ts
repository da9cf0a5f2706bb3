import { afterEach, beforeEach } from 'vitest';
import { handTurned, statePayload, statusPayload, temporaryFolder } from './health-harness.ts';

type Turned = Awaited<ReturnType<typeof handTurned>>;

/** A health room turned by hand, anew for each test of the file that calls this, and what its access point says. */
export function turnedHealth() {
  let folder: ReturnType<typeof temporaryFolder>;
  let hub: Turned;
  beforeEach(async () => {
    folder = temporaryFolder();
    hub = await handTurned(folder.path);
  });
  afterEach(async () => {
    await hub.stop();
    folder.remove();
  });
  return {
    /** The one of this test; after a restart another one. */
    get hub(): Turned {
      return hub;
    },
    birth: (session = 1) => hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', session)),
    will: (session = 1, retained = false) =>
      hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', session, false), retained),
    state: (session: number, seq: number, more: object = {}) =>
      hub.send('ap', 'ap-1', 'state', statePayload('ap-1', session, seq, more)),
    healthOf(num: number, macs = true) {
      const device = hub.devices.find((record) => record.num === num);
      if (!device) throw new Error('no such device');
      return hub.health.health(device, macs);
    },
    ap: () => hub.statusOf('ap-1'),
    async restart(killed = false): Promise<void> {
      if (killed) await hub.kill();
      else await hub.stop();
      hub = await handTurned(folder.path);
    },
  };
}
