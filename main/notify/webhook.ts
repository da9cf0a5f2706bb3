import { createHash, createHmac } from 'node:crypto';
import type { Severity } from '../contract/incidents.ts';
import type { Channel } from './types.ts';

export interface WebhookSettings {
  url: string;
  /** Signs each message, so that who receives it can tell ours from others'. */
  secret: string | null;
  minSeverity: Severity;
}

/**
 * POSTs JSON `{notices: [...]}`. With a secret, `x-kalancha-signature` holds `t=<unix seconds>,v1=<hex>`: HMAC-SHA-256
 * of `<t>.<body>`. Redirects are not followed: the address is the one that somebody wrote down.
 */
export function createWebhook({ url, secret, minSeverity }: WebhookSettings, now: () => number): Channel {
  const address = new URL(url);
  const { host, username, password } = address;
  // Not sent as part of an address, and named in no error.
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString(
    'base64',
  );
  [address.username, address.password] = ['', ''];
  // Two of one host have different paths, which may hold a secret: by their hash nobody reads it.
  const mark = createHash('sha256').update(url).digest('hex').slice(0, 6);
  return {
    name: `webhook ${host} ${mark}`,
    minSeverity,
    async send(notices, signal) {
      const body = JSON.stringify({ notices });
      const seconds = Math.floor(now() / 1000);
      const signature =
        secret === null ? null : createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
      const response = await fetch(address, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Kalancha',
          ...(username === '' ? {} : { authorization: `Basic ${basic}` }),
          ...(signature === null ? {} : { 'x-kalancha-signature': `t=${seconds},v1=${signature}` }),
        },
        body,
        signal,
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`${host} answered ${response.status}`);
    },
    stop: () => undefined,
  };
}
