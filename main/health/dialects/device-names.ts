import { messageOf } from '../../base/errors.ts';
import type { EventBus } from '../../base/event-bus.ts';
import type { Logger } from '../../base/logging.ts';
import type { HubEvents } from '../../contract/hub-events.ts';
import type { DeviceIdentity, DeviceRegistry } from '../../devices/types.ts';

const RETRY_MS = 5_000;

/** Finds devices by what other dialects call them: the id, else the serial number, else the MAC. */
export interface DeviceNames {
  /** The device's id. Undefined: nobody, or several that share the name. */
  find(name: string): string | undefined;
  /** Everything asked for so far is taken in. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Keeps serial numbers and MACs in memory, some 100 bytes a device, and follows the registry. Made only while a
 * dialect is in use.
 */
export async function createDeviceNames(options: {
  bus: EventBus<HubEvents>;
  log: Logger;
  devices: Pick<DeviceRegistry, 'get'>;
  /** Serial numbers and MACs of these devices; of all without a list. */
  identities: (ids?: readonly string[]) => Promise<readonly DeviceIdentity[]>;
}): Promise<DeviceNames> {
  const { bus, log, devices, identities } = options;
  const owners = new Map<string, string | Set<string>>();
  const keys = new Map<string, readonly string[]>();
  let wanted: Set<string> | 'all' | undefined = 'all';
  let reading: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;

  function forget(id: string): void {
    for (const key of keys.get(id) ?? []) {
      const owner = owners.get(key);
      if (owner === id) owners.delete(key);
      else if (owner instanceof Set) {
        owner.delete(id);
        const [left] = owner;
        if (owner.size === 1 && left !== undefined) owners.set(key, left);
      }
    }
    keys.delete(id);
  }

  function learn({ id, serial, mac }: DeviceIdentity): void {
    forget(id);
    const own = [...new Set([idKey(id), serialKey(serial), macKey(mac)])].filter((key) => key !== undefined);
    keys.set(id, own);
    for (const key of own) {
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, id);
      else if (owner instanceof Set) owner.add(id);
      else owners.set(key, new Set([owner, id]));
    }
  }

  async function read(): Promise<void> {
    while (wanted !== undefined && !stopped) {
      const now: Set<string> | 'all' = wanted;
      wanted = undefined;
      try {
        const rows = await identities(now === 'all' ? undefined : [...now]);
        for (const id of now === 'all' ? [...keys.keys()] : now) forget(id);
        for (const row of rows) learn(row);
      } catch (error) {
        log.warn({ problem: messageOf(error) }, 'names of devices cannot be read; tried again');
        want(now);
        retry ??= setTimeout(() => {
          retry = undefined;
          start();
        }, RETRY_MS);
        return;
      }
    }
  }

  function want(more: Iterable<string> | 'all'): void {
    wanted = more === 'all' || wanted === 'all' ? 'all' : new Set([...(wanted ?? []), ...more]);
  }

  function start(): void {
    reading ??= read().finally(() => {
      reading = undefined;
    });
  }

  const offDevices = bus.on('devices.changed', ({ deviceIds }) => {
    want(deviceIds ?? 'all');
    start();
  });
  start();
  await reading;

  function owner(key: string | undefined): string | undefined {
    const found = key === undefined ? undefined : owners.get(key);
    return typeof found === 'string' ? found : undefined;
  }

  return {
    find: (name) =>
      devices.get(name) ? name : (owner(idKey(name)) ?? owner(serialKey(name)) ?? owner(macKey(name))),
    async settled() {
      while (reading) await reading;
    },
    async stop() {
      stopped = true;
      offDevices();
      clearTimeout(retry);
      await reading;
    },
  };
}

/** Some dialects allow small letters only. */
const idKey = (id: string): string => `i${id.toLowerCase()}`;

/** Many vendors' serial number is the MAC: it is written with and without separators as well. */
const serialKey = (serial: string): string | undefined =>
  serial.trim() === '' ? undefined : `s${macDigits(serial.trim()) ?? serial.trim().toLowerCase()}`;

function macKey(mac: string): string | undefined {
  const digits = macDigits(mac);
  return digits && `m${digits}`;
}

/** `aabbccddeeff`, `AA:BB:…`, `aa-bb-…` and `aabb.ccdd.eeff` are the same. */
function macDigits(text: string): string | undefined {
  if (text.length > 17 || !/^[0-9a-f]{2}(?:[0-9a-f:.-]*)$/i.test(text)) return undefined;
  const digits = text.replace(/[:.-]/g, '').toLowerCase();
  return digits.length === 12 ? digits : undefined;
}
