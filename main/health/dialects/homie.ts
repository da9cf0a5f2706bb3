import { type Dialect, type Finding, isName, refused, understood } from './dialect.ts';
import { wordOf } from './word.ts';

const alert: Finding = {
  kind: 'event',
  at: null,
  type: 'homie.alert',
  severity: 'warning',
  standing: 'alert',
};
const well: Finding = { kind: 'event', at: null, type: 'homie.alert', severity: 'info', standing: 'ready' };

/** Device life cycle; `alert` is of version 4 alone, `sleeping` is a silence that was announced. */
const STATES: ReadonlyMap<string | undefined, readonly Finding[]> = new Map([
  ['init', [{ kind: 'birth' }]],
  ['ready', [{ kind: 'birth' }, well]],
  ['alert', [{ kind: 'birth' }, alert]],
  ['sleeping', [{ kind: 'contact' }]],
  ['disconnected', [{ kind: 'death' }]],
  ['lost', [{ kind: 'death' }]],
] satisfies [string, readonly Finding[]][]);

/**
 * The Homie convention, versions 3 to 5 (homieiot.github.io, "Device Lifecycle"): the retained `$state` on
 * `homie/{device}/$state`, from version 5 on `homie/5/{device}/$state`. The last will sets it to `lost`; a message
 * of zero length removes the device and says nothing of its life. Messages count by arrival, and a device speaks only
 * of changes. The states of child devices are taken as they stand on their own topics.
 */
export const homie: Dialect = {
  name: 'homie',
  prefix: 'homie',
  heartbeatS: null,
  filters: [
    { filter: '+/$state', channel: 'status' },
    { filter: '5/+/$state', channel: 'status' },
  ],
  address(levels) {
    const [name, subject, ...rest] = levels[0] === '5' && levels.length === 3 ? levels.slice(1) : levels;
    if (!isName(name) || subject !== '$state' || rest.length > 0) return undefined;
    return { name, channel: 'status', subject };
  },
  read(_address, payload) {
    if (payload.length === 0) return understood([]);
    const findings = STATES.get(wordOf(payload));
    return findings ? understood(findings) : refused('unknown-state');
  },
};
