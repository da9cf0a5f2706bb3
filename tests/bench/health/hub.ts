import {
  type Client,
  firstPassword,
  type HubProcess,
  signIn,
  startHubProcess,
} from '../../support/hub-process.ts';
import { PASSWORD } from '../../support/small-hub.ts';
import { metricsOf, sampleOf } from '../video/proc.ts';
import type { BenchCity } from './city.ts';
import type { HealthOptions } from './options.ts';

export interface CityHub {
  readonly hub: HubProcess;
  admin: Client;
  /** Messages taken from devices since its start. */
  messages(): Promise<number>;
  metric(name: string): Promise<number>;
  /** Somebody who may look at everything and handle incidents. */
  person(login: string): Promise<Client>;
  /** kill -9 and a new start on the same data. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** A hub whose registry holds the city; `brokerUrl` names an external broker. */
export async function startCityHub(
  city: BenchCity,
  { program, profile, nodeArgs = [] }: Pick<HealthOptions, 'program' | 'profile'> & { nodeArgs?: string[] },
  brokerUrl?: string,
  prepare?: (dataDir: string) => Promise<void>,
): Promise<CityHub> {
  const folder = city.copy();
  await prepare?.(folder.dir);
  const start = () =>
    startHubProcess({
      dataDir: folder.dir,
      env: brokerUrl === undefined ? {} : { KALANCHA_MQTT_URL: brokerUrl },
      readyMs: 120_000,
      ...(program === undefined ? {} : { program }),
      nodeArgs: [...nodeArgs, ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`])],
    });
  let hub = await start();
  const stop = async () => {
    await hub.stop();
    folder.remove();
  };
  let admin: Client;
  try {
    admin = await signIn(hub.httpUrl, 'admin', firstPassword(folder.dir));
  } catch (error) {
    await stop();
    throw error;
  }
  const metric = async (name: string) => sampleOf(await metricsOf(hub.httpUrl), name);
  return {
    get hub() {
      return hub;
    },
    admin,
    metric,
    messages: () => metric('kalancha_health_messages_total'),
    async person(login) {
      const person = await admin.send('POST', '/api/access/people', {
        ...{ login, name: `Person ${login}`, unit: 'Unit', number: '1', password: PASSWORD },
      });
      if (!person.ok) throw new Error(`${login}: ${person.status} ${await person.text()}`);
      const { id: personId } = (await person.json()) as { id: string };
      for (const roleId of ['wifi-technician', 'police-officer']) {
        const grant = await admin.send('POST', '/api/access/grants', {
          ...{ personId, roleId, scope: { type: 'city' }, until: null, basis: 'Order 1' },
        });
        if (!grant.ok) throw new Error(`${login}: ${grant.status} ${await grant.text()}`);
      }
      return signIn(hub.httpUrl, login, PASSWORD);
    },
    async crash() {
      await hub.kill();
      hub = await start();
    },
    stop,
  };
}
