import type { DeviceKind } from '../../contract/device.ts';
import { DeviceKinds } from '../../contract/device.ts';
import type { IncidentSpread } from '../../contract/incidents.ts';
import type { DeviceRegistry } from '../../devices/types.ts';

interface Extent {
  now: number;
  ever: number;
}

/** How what an incident took down spreads over kinds and districts, where most is down first. `members` as far as one may see. */
export function spreadOf(
  members: readonly { num: number; until: number | null }[],
  devices: Pick<DeviceRegistry, 'byNum' | 'areas'>,
): IncidentSpread {
  const kinds = new Map<DeviceKind, Extent>();
  const districts = new Map<string, Extent>();
  const count = <K>(into: Map<K, Extent>, key: K, down: boolean): void => {
    const extent = into.get(key) ?? { now: 0, ever: 0 };
    extent.ever += 1;
    if (down) extent.now += 1;
    into.set(key, extent);
  };
  for (const { num, until } of members) {
    const device = devices.byNum(num);
    if (!device) continue;
    count(kinds, device.kind, until === null);
    count(districts, device.districtId, until === null);
  }
  const areas = new Map(devices.areas().map((area) => [area.id, area]));
  return {
    kinds: DeviceKinds.flatMap((kind) => {
      const extent = kinds.get(kind);
      return extent ? [{ kind, ...extent }] : [];
    }),
    districts: [...districts]
      .map(([id, extent]) => {
        const { nameRu, nameEn } = areas.get(id) ?? { nameRu: id, nameEn: id };
        return { id, nameRu, nameEn, ...extent };
      })
      .sort((a, b) => b.now - a.now || b.ever - a.ever || (a.id < b.id ? -1 : 1)),
  };
}
