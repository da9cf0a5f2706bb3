import { originOf } from './origins.ts';

/** What a page of the hub needs and gets; everything else (cameras, microphones, places, devices …) is refused. */
const GRANTED: ReadonlySet<string> = new Set(['fullscreen', 'clipboard-sanitized-write']);

/** The answer to a page that asks for a permission, or asks whether it has it. */
export function mayUse(
  permission: string,
  asking: { address: string; isMainFrame: boolean },
  hubOrigin: string | undefined,
): boolean {
  if (hubOrigin === undefined || !asking.isMainFrame) return false;
  return GRANTED.has(permission) && originOf(asking.address) === hubOrigin;
}
