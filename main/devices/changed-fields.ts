import type { Device, DevicePatch } from '../contract/device.ts';

const SECRET = new Set([
  ...['streamUrl', 'streamUser', 'streamPassword'],
  ...['secondUrl', 'secondUser', 'secondPassword'],
]);

type Field = keyof DevicePatch;

/** Names of the fields that a patch changes; of a stream only whether anything is given, for nobody may see what was. */
export function changedFields(before: Device, patch: DevicePatch): Field[] {
  const old = new Map<string, unknown>(Object.entries(before));
  return Object.entries(patch)
    .filter(([name, value]) => {
      if (value === undefined) return false;
      if (SECRET.has(name)) return value !== null || hadAddress(before, name);
      return comparable(old.get(name)) !== comparable(value);
    })
    .map(([name]) => name as Field);
}

const hadAddress = (before: Device, name: string): boolean =>
  (name === 'streamUrl' && before.hasStream) || (name === 'secondUrl' && before.hasSecond);

/** The patch without what is so already: who decides about a change then decides about all that will be written. */
export function onlyChanges(patch: DevicePatch, fields: readonly Field[]): DevicePatch {
  return Object.fromEntries(Object.entries(patch).filter(([name]) => fields.includes(name as Field)));
}

const comparable = (value: unknown): string =>
  JSON.stringify(Array.isArray(value) ? [...new Set(value)].sort() : value);
