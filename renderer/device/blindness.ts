import type { DeviceHealth } from '../../main/contract/health.ts';

/** Whether it is the hub that cannot hear the device, and not only the gateway that is gone. */
export const isHubBlind = ({
  unknownSince,
  gateway,
}: {
  unknownSince: DeviceHealth['unknownSince'];
  gateway: Pick<NonNullable<DeviceHealth['gateway']>, 'goneSince'> | null;
}): boolean => unknownSince !== null && unknownSince !== gateway?.goneSince;
