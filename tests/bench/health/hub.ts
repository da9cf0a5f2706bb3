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
  readonly admin: Client;
  /** Messages taken from devices since its start. */
  messages(): Promise<number>;
  metric(name: string): Promise<number>;
  /** Somebody who may look at everything and handle incidents. */
  person(login: string): Promise<Client>;
  /** Signs in somebody who was made before. */
  signedIn(login: string): Promise<Client>;
  /** The same somebody each time, signed in anew: sessions outlive a crash, addresses do not. */
  viewer(): Promise<Client>;
  /** kill -9 and a new start on the same data. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** A hub whose registry holds the city; `brokerUrl` names an external broker. */
export async function startCityHub(
  city: BenchCity,
  {
    program,
    profile,
    nodeArgs = [],
    args = [],
  }: Pick<HealthOptions, 'program' | 'profile'> & { nodeArgs?: string[]; args?: string[] },
  brokerUrl?: string,
  prepare?: (dataDir: string) => Promise<void>,
): Promise<CityHub> {
  const folder = city.copy();
  await prepare?.(folder.dir);
  const start = () =>
    startHubProcess({
      dataDir: folder.dir,
      args,
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
  let password: string;
  try {
    password = firstPassword(folder.dir);
    admin = await signIn(hub.httpUrl, 'admin', password);
  } catch (error) {
    await stop();
    throw error;
  }
  const metric = async (name: string) => sampleOf(await metricsOf(hub.httpUrl), name);
  async function person(login: string): Promise<Client> {
    const made = await admin.send('POST', '/api/access/people', {
      ...{ login, name: `Person ${login}`, unit: 'Unit', number: '1', password: PASSWORD },
    });
    if (!made.ok) throw new Error(`${login}: ${made.status} ${await made.text()}`);
    const { id: personId } = (await made.json()) as { id: string };
    for (const roleId of ['wifi-technician', 'police-officer']) {
      const grant = await admin.send('POST', '/api/access/grants', {
        ...{ personId, roleId, scope: { type: 'city' }, until: null, basis: 'Order 1' },
      });
      if (!grant.ok) throw new Error(`${login}: ${grant.status} ${await grant.text()}`);
    }
    return signIn(hub.httpUrl, login, PASSWORD);
  }
  let viewerMade = false;

  const signedIn = (login: string) => signIn(hub.httpUrl, login, PASSWORD);
  return {
    person,
    signedIn,
    async viewer() {
      if (!viewerMade) await person('viewer');
      viewerMade = true;
      return signedIn('viewer');
    },
    get hub() {
      return hub;
    },
    get admin() {
      return admin;
    },
    metric,
    messages: () => metric('kalancha_health_messages_total'),
    async crash() {
      await hub.kill();
      hub = await start();
      // Its address is another one now.
      admin = await signIn(hub.httpUrl, 'admin', password);
    },
    stop,
  };
}
