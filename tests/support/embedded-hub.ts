import { type Clock, systemClock } from '../../main/base/clock.ts';
import { type DeviceCredentials, openDeviceCredentials } from '../../main/health/device-credentials.ts';
import type { RunningBroker } from '../../main/mqtt/embedded-broker.ts';
import { createMqtt } from '../../main/mqtt/mqtt.ts';
import type { EmbeddedBrokerSettings } from '../../main/mqtt/settings.ts';
import { CITY, type HealthHarness, startHealth, temporaryFolder } from './health-harness.ts';

/** The embedded broker with a health room behind it, on a free port of loopback. */
export interface EmbeddedHub {
  hub: HealthHarness;
  credentials: DeviceCredentials;
  broker: RunningBroker;
  port: number;
  /** Stops broker and hub and starts both again on the same data and port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startEmbeddedHub(
  more: Partial<EmbeddedBrokerSettings> = {},
  { clock = systemClock, ...options }: { devices?: HealthHarness['devices']; clock?: Clock } = {},
): Promise<EmbeddedHub> {
  const folder = temporaryFolder();
  async function parts(port: number) {
    const hub = await startHealth({ dataDir: folder.path, ...options });
    const credentials = await openDeviceCredentials({ db: hub.db, clock: systemClock });
    const broker = await createMqtt({
      broker: {
        ...{ kind: 'embedded', host: '127.0.0.1', port, anonymousLocal: true, connectionLimit: 50 },
        ...{ credentials, ...more },
      },
      city: CITY,
      sink: hub.health.sink,
      clock,
      log: hub.log.log,
    });
    return { hub, credentials, broker, port: Number(new URL(broker.link.address).port) };
  }
  async function stopParts() {
    await embedded.broker.stop();
    await embedded.hub.stop();
  }
  const embedded: EmbeddedHub = {
    ...(await parts(0)),
    async restart() {
      await stopParts();
      Object.assign(embedded, await parts(embedded.port));
    },
    async stop() {
      await stopParts();
      folder.remove();
    },
  };
  return embedded;
}
