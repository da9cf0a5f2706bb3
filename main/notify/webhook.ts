import { createHash, createHmac } from 'node:crypto';
import { messageOf } from '../base/errors.ts';
import type { Severity } from '../contract/incidents.ts';
import { NotTaken } from './receiver-trouble.ts';
import type { Channel } from './types.ts';

export interface WebhookSettings {
  url: string;
  /** Signs each message, so that who receives it can tell ours from others'. */
  secret: string | null;
  minSeverity: Severity;
}

/**
 * POSTs JSON `{notices: [...]}`; a test has none of them, and `test`. With a secret, `x-kalancha-signature` holds `t=<unix seconds>,v1=<hex>`: HMAC-SHA-256
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
  async function post(content: object, signal: AbortSignal): Promise<void> {
    const body = JSON.stringify(content);
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
    }).catch((error: unknown) => {
      throw new Error(`${host} cannot be reached: ${reasonOf(error)}`, { cause: error });
    });
    await response.body?.cancel();
    if (!response.ok) throw new NotTaken(host, response.status);
  }

  return {
    ...{ name: `webhook ${host} ${mark}`, kind: 'webhook', host, minSeverity },
    send: (notices, signal) => post({ notices }, signal),
    test: (signal) => post({ notices: [], test: { at: now() } }, signal),
    stop: () => undefined,
  };
}

/** Of what goes wrong below it, `fetch` says no more than that it failed; the reason is inside. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return messageOf(cause ?? error);
}
