import { originOf } from './origins.ts';

export const LAUNCH_HEADER = 'x-kalancha-launch';

/** A hub that the window belongs to, and the token that only this launch knows. */
export interface HubAccess {
  origin: string;
  launchToken: string;
}

/**
 * The headers of a request: with the launch token when it goes to the hub, and to nobody else, whatever the page
 * itself put there. WebSockets count by the HTTP origin they upgrade from.
 */
export function withLaunchHeader(
  address: string,
  headers: Readonly<Record<string, string>>,
  hub: HubAccess | undefined,
): Record<string, string> {
  const kept = Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.toLowerCase() !== LAUNCH_HEADER),
  );
  const origin = originOf(address)?.replace(/^ws:/, 'http:');
  return hub !== undefined && origin === hub.origin ? { ...kept, [LAUNCH_HEADER]: hub.launchToken } : kept;
}
