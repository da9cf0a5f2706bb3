import { posix, relative, resolve, sep } from 'node:path';

/**
 * Whether the hub may have the shell start `script`: a built fixture program, nothing else on this machine.
 * @returns its path, or undefined
 */
export function allowedChildScript(script: string, dist: string): string | undefined {
  const path = resolve(script);
  const inside = relative(dist, path).split(sep).join(posix.sep);
  return /^fixtures\/[a-z][a-z-]*\.js$/.test(inside) ? path : undefined;
}
