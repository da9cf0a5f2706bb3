import type { AvailabilityMode } from '../../contract/dialects.ts';
import type { DeviceRecord } from '../../devices/types.ts';
import type { Dialect, Finding } from './dialect.ts';

type Known = Pick<DeviceRecord, 'num' | 'id'>;

interface Told {
  device: Known;
  /** What each topic of its own said last, by its place in the settings. */
  parts: Map<number, boolean>;
}

interface Settings {
  /** What topics that are of all devices said last. */
  shared: Map<number, boolean>;
  devices: Map<number, Told>;
}

/** What several topics say of a device, made into one answer. */
export interface Availability {
  /**
   * @param dialect stands for the settings that it was made from
   * @param device undefined: the topic is of all devices that were heard by these settings
   * @returns who is there or gone now; of a topic of all, only those for whom that changed
   */
  told(
    dialect: Dialect,
    device: Known | undefined,
    finding: Finding & { kind: 'part' },
  ): { device: Known; up: boolean }[];
}

/**
 * Home Assistant's `availability_mode` (home-assistant.io, "MQTT"; `MqttAvailabilityMixin.available`): `all` topics must
 * say that it is there, or `any` of them, or the `latest` message decides. Other than there, a topic that was not heard
 * yet says nothing: unknown is unknown, and after a start of the hub no device is gone merely because its bridge has not
 * spoken again.
 */
export function createAvailability(): Availability {
  const bySettings = new WeakMap<Dialect, Settings>();

  return {
    told(dialect, device, { part, up, mode }) {
      const settings = bySettings.get(dialect) ?? { shared: new Map(), devices: new Map() };
      bySettings.set(dialect, settings);
      const { shared, devices } = settings;
      if (device) {
        const told = devices.get(device.num) ?? { device, parts: new Map() };
        devices.set(device.num, told);
        told.parts.set(part, up);
        return [{ device, up: mode === 'latest' ? up : judged(mode, told.parts, shared) }];
      }
      if (mode === 'latest') return [...devices.values()].map((told) => ({ device: told.device, up }));
      const before = new Map(shared);
      shared.set(part, up);
      return [...devices.values()].flatMap((told) => {
        const now = judged(mode, told.parts, shared);
        return now === judged(mode, told.parts, before) ? [] : [{ device: told.device, up: now }];
      });
    },
  };
}

function judged(
  mode: Exclude<AvailabilityMode, 'latest'>,
  own: ReadonlyMap<number, boolean>,
  shared: ReadonlyMap<number, boolean>,
): boolean {
  const said = [...own.values(), ...shared.values()];
  return mode === 'all' ? said.every(Boolean) : said.some(Boolean);
}
