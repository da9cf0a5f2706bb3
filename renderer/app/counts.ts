import { DeviceKinds } from '../../main/contract/device.ts';
import type { HealthStatus, Monitoring } from '../../main/contract/health.ts';
import { statusesByRank } from '../ui/status-look.ts';

/** Devices of all kinds by status. */
export function sumCounts(counts: Monitoring['counts']): Map<HealthStatus, number> {
  const sums = new Map<HealthStatus, number>();
  for (const kind of DeviceKinds)
    for (const status of statusesByRank)
      sums.set(status, (sums.get(status) ?? 0) + (counts[kind]?.[status] ?? 0));
  return sums;
}
