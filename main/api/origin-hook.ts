import type { FastifyInstance } from 'fastify';
import { AppError } from '../base/errors.ts';

export interface OriginRules {
  /** Host header values under which this hub is known, e.g. `127.0.0.1:8080`. Empty until the port is known. */
  hosts: () => readonly string[];
  /** When set, every request must carry it in `x-kalancha-launch`: only the window that this hub was started for gets in. */
  launchToken: string | undefined;
}

/**
 * Refuses requests that another site's page could have caused: a wrong Host (DNS rebinding), a foreign Origin
 * on anything that is not a plain read, and, on an embedded hub, any request without the token of this launch.
 */
export function installOriginHook(app: FastifyInstance, rules: OriginRules): void {
  app.addHook('onRequest', async (request) => {
    const hosts = rules.hosts();
    const host = request.headers.host ?? '';
    if (hosts.length > 0 && !hosts.includes(host.toLowerCase()))
      throw new AppError(
        'wrong-host',
        421,
        `This hub is not known as ${host.slice(0, 100)}. Use one of its own addresses.`,
      );
    const origin = request.headers.origin;
    const changes = request.method !== 'GET' && request.method !== 'HEAD';
    const upgrades = request.headers.upgrade !== undefined;
    if (origin !== undefined && (changes || upgrades)) {
      let originHost = '';
      try {
        originHost = new URL(origin).host.toLowerCase();
      } catch {
        originHost = '';
      }
      if (originHost !== host.toLowerCase())
        throw new AppError('foreign-origin', 403, 'This request came from a page of another site.');
    }
    if (
      rules.launchToken !== undefined &&
      request.headers['x-kalancha-launch'] !== rules.launchToken &&
      request.url !== '/healthz'
    )
      throw new AppError('wrong-window', 403, 'This hub serves only the window it was started with.');
  });
}
