import { notFound } from '../base/errors.ts';
import {
  type Action,
  Actions,
  type DeviceAccess,
  type GrantPreview,
  type PersonAccess,
  type PreviewInput,
} from '../contract/access.ts';
import type { DeviceRecord } from '../devices/types.ts';
import type { Reach } from './compile.ts';
import { rightsOf } from './grant-book.ts';
import type { GrantsService } from './grants-service.ts';
import { inForce, type RightsGrant } from './may.ts';
import type { AccessModel } from './model.ts';
import { scopeCovers } from './scope.ts';
import type { Viewer } from './types.ts';
import type { Zone } from './zone.ts';

/** Who is looking at which camera at this moment. */
export type Watching = () => readonly { personId: string; cameraId: string }[];

/** What an administrator asks before and after he changes rights. */
export interface Questions {
  /** Who may do what with this device now, and by which grants? */
  device(device: DeviceRecord): DeviceAccess;
  /** What may this person do now, or might he at a past moment (UTC ms)? @throws AppError `not-found` */
  person(personId: string, at?: number): Promise<PersonAccess>;
  /** What would giving or ending a grant change? @throws AppError as giving it would for what is not understood */
  preview(by: Viewer, input: PreviewInput): GrantPreview;
}

/** Actions whose reach also has a depth. */
const FOOTAGE: ReadonlySet<Action> = new Set<Action>([
  'video.audio',
  'video.archive',
  'video.snapshot',
  'video.export',
  'video.export-original',
  'video.hold',
]);

export function createQuestions(
  model: AccessModel,
  { zone, watching, grantsService }: { zone: Zone; watching: Watching; grantsService: GrantsService },
): Questions {
  const { clock, people, roles, grants, rights } = model;

  /** 0 is not at all; else hours back, and 1 where an action has no depth. */
  const level = (reach: Reach, action: Action, num: number): number =>
    !reach.bits.has(num) ? 0 : FOOTAGE.has(action) ? reach.depthHours(num) : 1;

  /** As given and not yet ended at that moment, with the roles of then. */
  async function grantsAt(personId: string, at: number): Promise<RightsGrant[]> {
    const given = await grants.list({ personId, at }, clock.now());
    return given
      .flatMap((grant) => rightsOf(grant, roles.at(grant.roleId, at)) ?? [])
      .filter((grant) => inForce(grant, zone, at));
  }

  return {
    device(device) {
      const watchers = new Set(
        watching().flatMap(({ personId, cameraId }) => (cameraId === device.id ? [personId] : [])),
      );
      return {
        people: people.all().flatMap((person) => {
          if (!model.usable(person)) return [];
          const here = rights.grantsInForce(person.id).filter(({ scope }) => scopeCovers(scope, device));
          const actions = Actions.filter(
            (action) =>
              here.some((grant) => grant.effect === 'allow' && grant.actions.has(action)) &&
              !here.some((grant) => grant.effect === 'deny' && grant.actions.has(action)),
          );
          if (actions.length === 0) return [];
          const { id: personId, name, login, unit } = person;
          const grantIds = here
            .filter(({ effect, actions: own }) => effect === 'allow' && actions.some((one) => own.has(one)))
            .map(({ id }) => id);
          return [{ personId, name, login, unit, actions, grantIds, watching: watchers.has(personId) }];
        }),
      };
    },
    async person(personId, at) {
      const person = people.get(personId);
      if (!person) throw notFound('person', personId);
      const holding =
        at !== undefined
          ? await grantsAt(personId, at)
          : model.usable(person)
            ? rights.grantsInForce(personId)
            : [];
      const { kinds } = rights.index();
      return {
        actions: Actions.flatMap((action) => {
          const by = holding.filter((grant) => grant.effect === 'allow' && grant.actions.has(action));
          if (by.length === 0) return [];
          const { bits } = rights.reach(holding, action);
          const cameras = kinds.reduce(
            (sum, kind, num) => (kind === 'camera' && bits.has(num) ? sum + 1 : sum),
            0,
          );
          return [{ action, devices: bits.size, cameras, grantIds: by.map(({ id }) => id) }];
        }),
      };
    },
    preview(by, input) {
      const ending = 'endGrantId' in input ? grants.get(input.endGrantId) : undefined;
      if ('endGrantId' in input && !ending) throw notFound('running grant', input.endGrantId);
      const grant = 'endGrantId' in input ? ending : grantsService.draft(by, input);
      const subject = grant && rightsOf(grant, roles.get(grant.roleId));
      if (!grant || !subject) throw notFound('role', grant?.roleId ?? '');
      // As at a moment at which the grant holds, whatever its dates and hours.
      const moment = Math.max(clock.now(), grant.from);
      const others = rights
        .grantsOf(grant.personId)
        .filter((one) => one.id !== grant.id && inForce(one, zone, moment));
      const [before, after] = ending ? [[...others, subject], others] : [others, [...others, subject]];
      const reaches = [...subject.actions].map((action) => ({
        action,
        before: rights.reach(before, action),
        after: rights.reach(after, action),
      }));

      const changed = new Set<Action>();
      const preview = { devicesGained: 0, devicesLost: 0, camerasGained: 0, camerasLost: 0 };
      const index = rights.index();
      for (let num = 0; num < index.length; num += 1) {
        let gained = false;
        let lost = false;
        for (const one of reaches) {
          const was = level(one.before, one.action, num);
          const becomes = level(one.after, one.action, num);
          if (was === becomes) continue;
          changed.add(one.action);
          if (becomes > was) gained = true;
          else lost = true;
        }
        const camera = index.kinds[num] === 'camera';
        if (gained) preview.devicesGained += 1;
        if (lost) preview.devicesLost += 1;
        if (gained && camera) preview.camerasGained += 1;
        if (lost && camera) preview.camerasLost += 1;
      }
      const live = reaches.find(({ action }) => action === 'video.live');
      const watchingNow = watching().filter(({ personId, cameraId }) => {
        const num = index.numOf(cameraId);
        return (
          personId === grant.personId &&
          live !== undefined &&
          num !== undefined &&
          live.before.bits.has(num) &&
          !live.after.bits.has(num)
        );
      }).length;
      return { actions: Actions.filter((action) => changed.has(action)), ...preview, watchingNow };
    },
  };
}
