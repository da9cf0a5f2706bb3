import {
  type Client,
  firstPassword,
  type HubProcess,
  signIn,
  startHubProcess,
  temporaryFolder,
} from './hub-process.ts';

/** A hub of its own with the city's areas and nothing else, and its administrator signed in. */
export interface SmallHub {
  hub: HubProcess;
  admin: Client;
  /** Adds a person who holds one role in all the city, and answers the grant's id. */
  addPerson(login: string, roleId: string): Promise<{ personId: string; grantId: string }>;
  addCamera(id: string, streamUrl: string, more?: Record<string, unknown>): Promise<void>;
  addDevice(device: Record<string, unknown>): Promise<void>;
  /** kill -9 and a new start on the same data. */
  crash(): Promise<void>;
  /** Stops the hub, gives its data to `meanwhile`, starts it again. */
  restart(meanwhile: (dataDir: string) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export const PASSWORD = 'correct-horse-battery';

async function expectOk(answer: Response): Promise<Response> {
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`);
  return answer;
}

export async function startSmallHub(
  name: string,
  env: Record<string, string> = {},
  folder = temporaryFolder(name),
  args: string[] = [],
): Promise<SmallHub> {
  const small: SmallHub = {
    hub: await startHubProcess({ dataDir: folder.dir, env, args }),
    admin: {} as Client,
    async addPerson(login, roleId) {
      const person = await expectOk(
        await small.admin.send('POST', '/api/access/people', {
          login,
          name: `Person ${login}`,
          unit: 'Unit',
          number: '1',
          password: PASSWORD,
        }),
      );
      const { id: personId } = (await person.json()) as { id: string };
      const grant = await expectOk(
        await small.admin.send('POST', '/api/access/grants', {
          personId,
          roleId,
          scope: { type: 'city' },
          until: null,
          basis: 'Order 1',
        }),
      );
      const { id: grantId } = (await grant.json()) as { id: string };
      return { personId, grantId };
    },
    addCamera: (id, streamUrl, more = {}) =>
      small.addDevice({
        id,
        kind: 'camera',
        name: `Камера ${id}`,
        address: 'ул. Тверская, 1',
        streamUrl,
        ...more,
      }),
    async addDevice(device) {
      await expectOk(
        await small.admin.send('POST', '/api/devices', {
          lat: 55.7577,
          lon: 37.6136,
          districtId: 'tverskoy',
          ...device,
        }),
      );
    },
    async crash() {
      await small.hub.kill();
      small.hub = await startHubProcess({ dataDir: folder.dir, env, args });
      small.admin = await signIn(small.hub.httpUrl, 'admin', password);
    },
    async restart(meanwhile) {
      await small.hub.stop();
      await meanwhile(folder.dir);
      small.hub = await startHubProcess({ dataDir: folder.dir, env, args });
      small.admin = await signIn(small.hub.httpUrl, 'admin', password);
    },
    async stop() {
      await small.hub.stop();
      folder.remove();
    },
  };
  const password = firstPassword(folder.dir);
  small.admin = await signIn(small.hub.httpUrl, 'admin', password);
  return small;
}
