import type { DeviceInput, DevicePatch, DeviceQuery } from '../contract/device.ts';
import { allOnline, everything, query, type TestCity, testDevice } from './test-city.ts';

/** Changes of the city that a test holds at the moment, each in a transaction of its own as the routes make them. */
export function changesTo(city: () => TestCity) {
  return {
    async add(...inputs: (Partial<DeviceInput> & { id: string })[]): Promise<void> {
      const { storage, devices } = city();
      await storage.db.transaction().execute(async (trx) => {
        for (const input of inputs) await devices.add(trx, testDevice(input));
      });
      await devices.committed(inputs.map(({ id }) => id));
    },
    async patch(id: string, change: DevicePatch): Promise<void> {
      const { storage, devices } = city();
      await storage.db.transaction().execute((trx) => devices.patch(trx, id, change));
      await devices.committed([id]);
    },
    async remove(id: string): Promise<void> {
      const { storage, devices } = city();
      await storage.db.transaction().execute((trx) => devices.remove(trx, id));
      await devices.committed([id]);
    },
    /** The ids of a list, in its order. */
    async names(given: Partial<DeviceQuery> = {}, visible = everything(city().devices)): Promise<string[]> {
      const { items } = await city().devices.list(query(given), visible, allOnline);
      return items.map((device) => device.id);
    },
  };
}
