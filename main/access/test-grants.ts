import type { Action } from '../contract/access.ts';
import type { RightsGrant } from './may.ts';
import { createZone } from './zone.ts';

/** What the tests of rights share: one zone, one moment, and grants that hold everywhere unless told otherwise. */
export const HOUR = 3_600_000;
export const zone = createZone('Europe/Moscow');
/** A Thursday, 12:00 in Moscow. */
export const NOON = Date.parse('2026-01-15T09:00:00Z');

let counter = 0;
export function grant(actions: Action[], extra: Partial<RightsGrant> = {}): RightsGrant {
  counter += 1;
  return {
    id: `g${counter}`,
    roleId: 'r',
    actions: new Set(actions),
    scope: { type: 'city' },
    effect: 'allow',
    from: 0,
    until: null,
    weekly: null,
    archiveHours: null,
    ...extra,
  };
}
