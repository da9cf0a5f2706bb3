import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { CommandStart } from '../contract/command-preview.ts';
import type { CommandKind } from '../contract/command-spec.ts';
import type { DeviceRecord } from '../devices/types.ts';
import type { Claims, Holder } from './claims.ts';
import type { KeptPreview } from './previews.ts';
import { groupOf } from './spec.ts';
import { stageAt, stageSizes } from './stages.ts';
import type { Commander, DeviceCommand, Run } from './types.ts';

/** What stands in the way of a command at a device that is about to be ordered. */
export type StartConflict = (device: DeviceRecord, kind: CommandKind) => Holder | undefined;

const nothingLeft = (): AppError =>
  new AppError(
    'nothing-to-command',
    409,
    'There is no device left at which this would be done. The preview says why for each.',
  );

/** Whoever may command a device is told who else does; of the devices around it he may see nothing. */
function refusal({ holder: { num: at, run }, num }: { holder: Holder; num: number }): AppError {
  if (at !== num)
    return new AppError(
      'command-busy-near',
      409,
      'Something that it depends on, or that depends on it, is carrying out a command now. Wait for it to end.',
    );
  return new AppError(
    'command-busy',
    409,
    `${run.personName} has another command carried out there now. Wait for its end.`,
    { who: run.personName, kind: run.spec.kind },
  );
}

/**
 * Claims the devices on the way, in one turn: whoever was quicker has them.
 * @throws AppError `nothing-to-command`, `command-busy`, `command-busy-near`
 */
export function makeRun(
  { personId, name, from }: Commander,
  input: CommandStart,
  { spec, run: wanted, skipped }: KeptPreview,
  { clock, claim, conflict }: { clock: Clock; claim: Claims['claim']; conflict: StartConflict },
): { run: Run; commands: DeviceCommand[] } {
  const at = clock.now();
  const runId = newId(at);
  const group = groupOf(spec.kind);
  const make = (device: (typeof wanted)[number], stage: number): DeviceCommand => ({
    ...{
      id: newId(at),
      runId,
      num: device.device.num,
      deviceId: device.device.id,
      deviceName: device.name,
    },
    ...{ deviceKind: device.device.kind, executorId: device.device.id, port: null, stage, askedAt: at },
    ...{ state: 'waiting', reason: null, deviceReason: null, before: null, after: null },
    ...{ sentAt: null, publishedAt: null, expiresAt: null, acceptedAt: null, doneAt: null },
    ...{ endedAt: null, waitsUntil: null },
  });
  const claimed = wanted.map((device) => make(device, 0));
  const ordered = { id: runId, spec, personName: name };
  let inTheWay: { holder: Holder; num: number } | undefined;
  const ours = claimed.filter(({ num, id }, place) => {
    const device = wanted[place]?.device;
    const holder = device && conflict(device, spec.kind);
    if (holder) inTheWay ??= { holder, num };
    return !holder && claim(group, { commandId: id, num, run: ordered });
  });
  if (ours.length === 0) throw inTheWay ? refusal(inTheWay) : nothingLeft();
  const stages = stageSizes(ours.length);
  for (const [place, command] of ours.entries()) command.stage = stageAt(stages, place);
  const busy = claimed.filter((command) => !ours.includes(command));
  const leftOut = [
    ...busy.map((command) => ({ command, reason: 'busy' as const })),
    ...skipped.map((device) => ({ command: make(device, -1), reason: device.reason })),
  ].map(
    ({ command, reason }): DeviceCommand => ({
      ...command,
      ...{ stage: -1, state: 'skipped', reason, endedAt: at },
    }),
  );
  const run: Run = {
    ...{ id: runId, personId, personName: name, from, spec, reason: input.reason, startedAt: at, stages },
    ...{ expiresInS: input.expiresInS, stopAtFailedPct: input.stopAtFailedPct },
    ...{ pauseBetweenStages: input.pauseBetweenStages, endedAt: null, state: 'running', stateReason: null },
    ...{ stage: 0, stageAt: at, forgiven: 0 },
  };
  return { run, commands: [...ours, ...leftOut] };
}
