import { createBrowserBridge } from './browser.ts';
import { BRIDGE_GLOBAL, BRIDGE_SUBSCRIPTIONS, bridgeCalls, type NativeBridge } from './contract.ts';

export { type Answers, BridgeError, type NativeBridge, SAVE_LIMIT_BYTES, type Takes } from './contract.ts';
export { allowedExternal } from './external.ts';

/**
 * The bridge of this page: the desktop program's when its preload offered one, else the browser's own means.
 * Make it once, where the application is put together.
 */
export function createNativeBridge(page: Window & typeof globalThis = window): NativeBridge {
  const offered: unknown = Reflect.get(page, BRIDGE_GLOBAL);
  return isBridge(offered) ? offered : createBrowserBridge(page);
}

function isBridge(offered: unknown): offered is NativeBridge {
  if (typeof offered !== 'object' || offered === null) return false;
  return [...Object.keys(bridgeCalls), ...BRIDGE_SUBSCRIPTIONS].every(
    (name) => typeof Reflect.get(offered, name) === 'function',
  );
}
