import { type Device, DeviceInput, type DeviceKind, DevicePatch } from '../../main/contract/device.ts';

/** Where the device stands, chosen on the map or typed. */
export interface PlaceDraft {
  lat: number;
  lon: number;
  azimuthDeg: number | null;
}

/** The form as it is typed. Empty texts are nothing said. */
export interface DeviceForm {
  kind: DeviceKind;
  id: string;
  name: string;
  address: string;
  owner: string;
  contractor: string;
  districtId: string | null;
  parentId: string | null;
  groupIds: string[];
  model: string;
  serial: string;
  mac: string;
  recorded: boolean;
  retentionDays: number | null;
  /** Empty keeps the address that the hub has; it never tells it. */
  streamUrl: string;
  streamUser: string;
  streamPassword: string;
  /** The second stream, likewise. */
  secondUrl: string;
  secondUser: string;
  secondPassword: string;
  /** Take the stored second address away. */
  secondRemoved: boolean;
  sound: boolean;
}

export const emptyForm: DeviceForm = {
  kind: 'camera',
  id: '',
  name: '',
  address: '',
  owner: '',
  contractor: '',
  districtId: null,
  parentId: null,
  groupIds: [],
  model: '',
  serial: '',
  mac: '',
  recorded: true,
  retentionDays: null,
  streamUrl: '',
  streamUser: '',
  streamPassword: '',
  secondUrl: '',
  secondUser: '',
  secondPassword: '',
  secondRemoved: false,
  sound: true,
};

export const formOf = (device: Device): DeviceForm => ({
  kind: device.kind,
  id: device.id,
  name: device.name,
  address: device.address,
  owner: device.owner,
  contractor: device.contractor,
  districtId: device.districtId,
  parentId: device.parentId,
  groupIds: [...device.groupIds],
  model: device.model,
  serial: device.serial,
  mac: device.mac,
  recorded: device.recorded,
  retentionDays: device.retentionDays,
  streamUrl: '',
  streamUser: '',
  streamPassword: '',
  secondUrl: '',
  secondUser: '',
  secondPassword: '',
  secondRemoved: false,
  sound: device.sound,
});

/** What is wrong with a field, worded as `devices:form-fault.<fault>`. */
export type Fault = 'required' | 'bad-id' | 'bad-mac' | 'too-long' | 'invalid';
export type Faults = Partial<Record<keyof DeviceForm | 'place', Fault>>;

const formKeys = new Set<string>(Object.keys(emptyForm));
const isFormKey = (key: string): key is keyof DeviceForm => formKeys.has(key);

function faultsOf(
  issues: readonly { path: readonly PropertyKey[]; code: string }[],
  given: Record<string, unknown>,
): Faults {
  const faults: Faults = {};
  for (const { path, code } of issues) {
    const key = String(path[0]);
    const value = given[key];
    const fault: Fault =
      value === undefined || value === null || value === ''
        ? 'required'
        : key === 'id' || key === 'parentId'
          ? 'bad-id'
          : key === 'mac'
            ? 'bad-mac'
            : code === 'too_big'
              ? 'too-long'
              : 'invalid';
    if (key === 'lat' || key === 'lon' || key === 'azimuthDeg') faults.place ??= fault;
    else if (isFormKey(key)) faults[key] ??= fault;
  }
  return faults;
}

const isCamera = ({ kind }: DeviceForm) => kind === 'camera';
const orNull = (text: string) => (text.trim() === '' ? null : text);

type StreamPatch = Pick<
  DevicePatch,
  'streamUrl' | 'streamUser' | 'streamPassword' | 'secondUrl' | 'secondUser' | 'secondPassword'
>;

/** Stream settings as they are sent, for a camera only; what was not typed is left out. */
function streamOf(form: DeviceForm): StreamPatch {
  if (!isCamera(form)) return {};
  const patch: StreamPatch = {};
  if (form.streamUrl.trim() !== '') {
    patch.streamUrl = form.streamUrl;
    patch.streamUser = orNull(form.streamUser);
    patch.streamPassword = form.streamPassword === '' ? null : form.streamPassword;
  }
  if (form.secondUrl.trim() !== '') {
    patch.secondUrl = form.secondUrl;
    patch.secondUser = orNull(form.secondUser);
    patch.secondPassword = form.secondPassword === '' ? null : form.secondPassword;
  } else if (form.secondRemoved) patch.secondUrl = null;
  return patch;
}

const plainOf = (form: DeviceForm, place: PlaceDraft | null) => ({
  name: form.name,
  address: form.address,
  lat: place?.lat,
  lon: place?.lon,
  azimuthDeg: isCamera(form) ? (place?.azimuthDeg ?? null) : null,
  owner: form.owner,
  contractor: form.contractor,
  districtId: form.districtId ?? undefined,
  parentId: form.parentId,
  groupIds: form.groupIds,
  model: form.model,
  serial: form.serial,
  mac: form.mac,
  ...(isCamera(form)
    ? { recorded: form.recorded, retentionDays: form.retentionDays, sound: form.sound }
    : {}),
});

export type Checked<T> = { ok: true; value: T } | { ok: false; faults: Faults };

/** A new device from the form, or what is wrong with it. */
export function inputOf(form: DeviceForm, place: PlaceDraft | null): Checked<DeviceInput> {
  const given = { id: form.id.trim(), kind: form.kind, ...plainOf(form, place), ...streamOf(form) };
  const parsed = DeviceInput.safeParse(given);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, faults: faultsOf(parsed.error.issues, given) };
}

const same = (a: unknown, b: unknown) =>
  Array.isArray(a) && Array.isArray(b)
    ? a.length === b.length && a.every((value, i) => value === b[i])
    : a === b;

/** Only what differs from `before`: a field that nobody touched must not undo what somebody else changed. */
export function patchOf(form: DeviceForm, place: PlaceDraft | null, before: Device): Checked<DevicePatch> {
  const all = plainOf(form, place);
  const parsed = DevicePatch.required({ lat: true, lon: true, districtId: true }).safeParse(all);
  if (!parsed.success) return { ok: false, faults: faultsOf(parsed.error.issues, all) };
  const changed = Object.entries(parsed.data).filter(
    ([key, value]) => !same(value, Object.entries(before).find(([name]) => name === key)?.[1]),
  );
  const patch = DevicePatch.safeParse({ ...Object.fromEntries(changed), ...streamOf(form) });
  return patch.success
    ? { ok: true, value: patch.data }
    : { ok: false, faults: faultsOf(patch.error.issues, { ...all, ...streamOf(form) }) };
}
