import { IconNetwork, IconRouter, IconVideo, type TablerIcon } from '@tabler/icons-react';
import type { DeviceKind } from '../../main/contract/device.ts';

/** One sign per kind of device. */
export const kindIcons: Readonly<Record<DeviceKind, TablerIcon>> = {
  camera: IconVideo,
  ap: IconRouter,
  switch: IconNetwork,
};
