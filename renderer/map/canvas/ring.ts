import { type HealthStatus, HealthStatuses } from '../../../main/contract/health.ts';
import { statusesByRank, statusLooks } from '../../ui/status-look.ts';

/** Part of a cluster's ring: radians clockwise from the top. */
export interface RingPart {
  status: HealthStatus;
  count: number;
  from: number;
  to: number;
}

const TURN = 2 * Math.PI;
/** However few are in trouble among thousands, their part is wide enough to be seen. */
const LEAST = 0.32;

/** Shares of a ring by status, the worst first. Loud statuses get at least a visible part, the rest gives way. */
export function ringParts(counts: Uint32Array): RingPart[] {
  const present = statusesByRank
    .map((status) => ({ status, count: counts[HealthStatuses.indexOf(status)] ?? 0 }))
    .filter(({ count }) => count > 0);
  const total = present.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return [];
  const wide = present.map(({ status, count }) => {
    const share = (count / total) * TURN;
    return statusLooks[status].loud ? Math.max(share, LEAST) : share;
  });
  const scale = TURN / wide.reduce((sum, angle) => sum + angle, 0);
  let at = 0;
  return present.map(({ status, count }, i) => {
    const from = at;
    at += (wide[i] ?? 0) * scale;
    return { status, count, from, to: at };
  });
}

/** The worst loud status in the cluster and how many have it; null when nothing calls for a look. */
export function worstOf(counts: Uint32Array): { status: HealthStatus; count: number } | null {
  for (const status of statusesByRank) {
    if (!statusLooks[status].loud) return null;
    const count = counts[HealthStatuses.indexOf(status)] ?? 0;
    if (count > 0) return { status, count };
  }
  return null;
}

/** Radius of a cluster, px: grows with the order of magnitude, so that a city of clusters stays legible. */
export const clusterRadius = (total: number): number => 13 + 4.2 * Math.log10(Math.max(2, total));
