import type { Action } from '../contract/access.ts';
import type { DeviceKind } from '../contract/device.ts';

/**
 * The right by which a device is commanded. Points and switches are the Wi-Fi network's: `wifi.command`. A camera is not:
 * a restart interrupts what the city watches and records, so it takes the right of those who see to cameras. Of a
 * `poe-cycle` the device that loses power is asked about, not the switch that takes it away: nothing else is touched.
 */
export const commandRight = (kind: DeviceKind): Action =>
  kind === 'camera' ? 'device.edit' : 'wifi.command';

/** The right by which what was commanded there is read. */
export const readRight = (kind: DeviceKind): Action => (kind === 'camera' ? 'device.view' : 'wifi.view');
