/** Where the shell's own pages live. */
export const SHELL_SCHEME = 'kalancha';
export const SHELL_ORIGIN = 'kalancha://shell';

/**
 * The origin of an address, also of the shell's own scheme, for which `URL.origin` is `null` outside the browser.
 * Undefined for anything that is no address with a host.
 */
export function originOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.username !== '' || url.password !== '' || url.host === '') return undefined;
  return `${url.protocol}//${url.host}`;
}

/** Whether an address is one of a hub that this shell started: plain HTTP on loopback with a port. */
export function isHubAddress(address: string): boolean {
  const origin = originOf(address);
  return origin !== undefined && /^http:\/\/127\.0\.0\.1:\d{1,5}$/.test(origin);
}
