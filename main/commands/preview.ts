import type { AccessGate, Viewer } from '../access/types.ts';
import { AppError } from '../base/errors.ts';
import type { CommandPreview, CommandRequest, PreviewDevice } from '../contract/command-preview.ts';
import type { CommandTarget } from '../contract/command-spec.ts';
import { RUN_LIMIT } from '../contract/command-spec.ts';
import type { DeviceRecord, DeviceStore, StatusLookup } from '../devices/types.ts';
import type { Holder } from './claims.ts';
import { type PlanServices, planDevice } from './plan.ts';
import type { KeptPreview, Previews } from './previews.ts';
import { commandRight } from './rights.ts';
import { refuseBadSpec, warningsOf } from './spec.ts';
import { stageSizes } from './stages.ts';

export interface PreviewServices extends Pick<PlanServices, 'latest' | 'below' | 'conflict'> {
  gate: Pick<AccessGate, 'visible'>;
  devices: Pick<DeviceStore, 'get' | 'list' | 'summaries'>;
  statuses: StatusLookup;
  previews: Previews;
}

interface Named {
  device: DeviceRecord;
  name: string;
  address: string;
}

const tooMany = (): AppError =>
  new AppError(
    'commands-too-many-devices',
    400,
    `At most ${RUN_LIMIT} devices can be commanded at once. Choose fewer, by district for instance.`,
    { limit: RUN_LIMIT },
  );

/**
 * Says what a command would do at each device, and keeps it to be confirmed. First come devices that are well and known,
 * among them those that disturb the fewest: the first of all proves the command for the others.
 * @throws AppError what `refuseBadSpec` throws; `commands-too-many-devices`
 */
export async function previewCommand(
  viewer: Viewer,
  { command: spec, target }: CommandRequest,
  services: PreviewServices,
): Promise<CommandPreview> {
  refuseBadSpec(spec);
  const { found, missing } = await resolve(viewer, target, services);
  const rights = {
    'wifi.command': services.gate.visible(viewer, 'wifi.command'),
    'device.edit': services.gate.visible(viewer, 'device.edit'),
  };
  const plans: PlanServices = {
    get: services.devices.get,
    ...{ latest: services.latest, below: services.below, conflict: services.conflict },
    may: ({ num, kind }) =>
      rights[commandRight(kind) === 'device.edit' ? 'device.edit' : 'wifi.command'].has(num),
  };
  const run: { shown: PreviewDevice; named: Named }[] = [];
  const left: PreviewDevice[] = [];
  const busy: Busy[] = [];
  const skipped: KeptPreview['skipped'][number][] = [];
  for (const named of found) {
    const { device, name, address } = named;
    const { executor, port, holder, ...plan } = planDevice(spec, device, plans);
    const via = port === null ? null : { id: executor.id, name: executor.id, port };
    const shown: PreviewDevice = {
      id: device.id,
      num: device.num,
      kind: device.kind,
      name,
      address,
      via,
      busyWith: null,
      ...plan,
    };
    if (holder) busy.push({ shown, holder });
    if (plan.skip === null) run.push({ shown, named });
    else {
      left.push(shown);
      skipped.push({ device, name, reason: plan.skip });
    }
  }
  run.sort((a, b) => doubts(a.shown) - doubts(b.shown) || burden(a.shown) - burden(b.shown));
  const visible = services.gate.visible(viewer, 'device.view');
  await nameSwitches(run, services, visible);
  await nameHolders(busy, services, visible);
  const { token, until } = services.previews.keep(viewer.personId, {
    ...{ spec, skipped },
    run: run.map(({ named: { device, name } }) => ({ device, name })),
  });
  const sum = (of: (shown: PreviewDevice) => number) =>
    run.reduce((total, { shown }) => total + of(shown), 0);
  return {
    ...{ token, until, command: spec, warnings: warningsOf(spec) },
    devices: [...run.map(({ shown }) => shown), ...left, ...missing.map(notFound)],
    willRun: run.length,
    skipped: left.length + missing.length,
    clients: sum(({ clients }) => clients ?? 0),
    children: sum(({ children }) => children),
    stages: stageSizes(run.length),
  };
}

/** What makes a device a poor proof: nothing known of it, or a warning that is not about whom it cuts off. */
const doubts = ({ now, warnings }: PreviewDevice): number =>
  (now === null ? 1 : 0) + warnings.filter((warning) => !warning.startsWith('cuts-')).length;

const burden = ({ clients, children }: PreviewDevice): number => (clients ?? 0) + children;

const notFound = (id: string): PreviewDevice => ({
  ...{ id, num: null, kind: null, name: '', address: '', skip: 'not-found' },
  ...{ warnings: [], clients: null, children: 0, via: null, now: null, busyWith: null },
});

/** A device that the person may not view is not there for him. */
async function resolve(
  viewer: Viewer,
  target: CommandTarget,
  { gate, devices, statuses }: PreviewServices,
): Promise<{ found: Named[]; missing: string[] }> {
  const visible = gate.visible(viewer, 'device.view');
  if ('query' in target) {
    const query = { kind: 'ap' as const, ...target.query, limit: RUN_LIMIT };
    const { items, total } = await devices.list(query, visible, statuses);
    if (total > RUN_LIMIT) throw tooMany();
    const found = items.flatMap(({ id, name, address }) => {
      const device = devices.get(id);
      return device ? [{ device, name, address }] : [];
    });
    return { found, missing: [] };
  }
  const records: DeviceRecord[] = [];
  const missing: string[] = [];
  for (const id of new Set(target.deviceIds)) {
    const device = devices.get(id);
    if (device && visible.has(device.num)) records.push(device);
    else missing.push(id);
  }
  const named = new Map(
    (
      await devices.summaries(
        records.map(({ num }) => num),
        statuses,
      )
    ).map((summary) => [summary.num, summary]),
  );
  const found = records.map((device) => {
    const { name, address } = named.get(device.num) ?? { name: device.id, address: '' };
    return { device, name, address };
  });
  return { found, missing };
}

async function nameSwitches(
  run: readonly { shown: PreviewDevice }[],
  { devices, statuses }: PreviewServices,
  visible: ReturnType<AccessGate['visible']>,
): Promise<void> {
  const nums = new Set<number>();
  for (const { shown } of run) {
    const above = shown.via && devices.get(shown.via.id);
    // Who may not see the switch learns its number in the network, which the device tells, and no name or place.
    if (above && visible.has(above.num)) nums.add(above.num);
  }
  const names = new Map((await devices.summaries([...nums], statuses)).map(({ id, name }) => [id, name]));
  for (const { shown } of run) if (shown.via) shown.via.name = names.get(shown.via.id) ?? shown.via.id;
}

interface Busy {
  shown: PreviewDevice;
  holder: Holder;
}

/** Says which command is in the way, and whose. Of one at another device, which he may not see, nothing. */
async function nameHolders(
  busy: readonly Busy[],
  { devices, statuses }: PreviewServices,
  visible: ReturnType<AccessGate['visible']>,
): Promise<void> {
  const elsewhere = busy.flatMap(({ shown, holder: { num } }) => (num === shown.num ? [] : [num]));
  const seen = elsewhere.filter((num) => visible.has(num));
  const named = new Map(
    (await devices.summaries([...new Set(seen)], statuses)).map(({ num, id, name }) => [num, { id, name }]),
  );
  for (const { shown, holder } of busy) {
    const at = named.get(holder.num) ?? null;
    if (holder.num !== shown.num && at === null) continue;
    const { id, spec, personName } = holder.run;
    shown.busyWith = { runId: id, spec, personName, at };
  }
}
