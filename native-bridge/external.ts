/** Outside pages that the console links to: the map's attribution and nothing else. Host and path are exact or below. */
const ALLOWED: readonly { host: string; path: string }[] = [
  { host: 'www.openstreetmap.org', path: '/copyright' },
  { host: 'openstreetmap.org', path: '/copyright' },
  { host: 'leafletjs.com', path: '/' },
];

/**
 * The address to open in the person's browser, or undefined when it is not on the allow-list. Only https without
 * user name or port: anything else could start another program or carry a secret out.
 */
export function allowedExternal(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.port !== '')
    return undefined;
  const allowed = ALLOWED.some(
    ({ host, path }) =>
      url.hostname === host &&
      (url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`)),
  );
  return allowed ? url.href : undefined;
}
