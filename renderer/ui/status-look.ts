import type { HealthStatus } from '../../main/contract/health.ts';

/** What a status looks like everywhere: map, lists, cards. `rank` 0 is the worst. */
export interface StatusLook {
  /** For shapes on a dark and on a light ground, at least 3:1 against it. */
  dark: string;
  light: string;
  rank: number;
  /** Whether somebody should do something: loud on the map, first in the counts. */
  loud: boolean;
}

/** What is right is quiet: a healthy city is nearly grey. */
export const statusLooks: Readonly<Record<HealthStatus, StatusLook>> = {
  offline: { dark: '#f2555a', light: '#c9252d', rank: 0, loud: true },
  flapping: { dark: '#d77bf0', light: '#9a35b8', rank: 1, loud: true },
  'bad-data': { dark: '#9d9bff', light: '#5a53c9', rank: 2, loud: true },
  suspect: { dark: '#f58f46', light: '#b9540c', rank: 3, loud: true },
  degraded: { dark: '#ecc04a', light: '#8f6a00', rank: 4, loud: true },
  maintenance: { dark: '#62a8ea', light: '#1f6fb5', rank: 5, loud: false },
  'never-seen': { dark: '#77828f', light: '#78818c', rank: 6, loud: false },
  online: { dark: '#8fb0a4', light: '#4c7a6a', rank: 7, loud: false },
};

/** From worst to best. */
export const statusesByRank = (Object.keys(statusLooks) as HealthStatus[]).sort(
  (a, b) => statusLooks[a].rank - statusLooks[b].rank,
);
