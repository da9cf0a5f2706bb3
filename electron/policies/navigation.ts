import { allowedExternal } from '../../native-bridge/external.ts';
import { originOf } from './origins.ts';

/**
 * Whether a page may take its frame to `address`, be it by a link, a script or a redirect. Only within the hub it
 * came from, and only the window itself: there are no frames inside. The shell goes to its own pages without asking.
 */
export function mayNavigate(
  address: string,
  from: { address: string; isMainFrame: boolean },
  hubOrigin: string | undefined,
): boolean {
  if (!from.isMainFrame || hubOrigin === undefined) return false;
  return originOf(from.address) === hubOrigin && originOf(address) === hubOrigin;
}

/** No page opens a window of this program. An address of the allow-list goes to the person's browser instead. */
export function windowOpenDecision(address: string): { action: 'deny'; external: string | undefined } {
  return { action: 'deny', external: allowedExternal(address) };
}

/** Downloads come from the hub, or from bytes that a page of the hub made itself. */
export function mayDownload(address: string, hubOrigin: string | undefined): boolean {
  if (hubOrigin === undefined) return false;
  return originOf(address.startsWith('blob:') ? address.slice('blob:'.length) : address) === hubOrigin;
}
