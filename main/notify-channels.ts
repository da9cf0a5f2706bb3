import type { Clock } from './base/clock.ts';
import { AppError } from './base/errors.ts';
import { type HubConfig, isLoopback } from './config.ts';
import { createEmail } from './notify/email.ts';
import type { Channel } from './notify/types.ts';
import { createWebhook } from './notify/webhook.ts';
import { readSettingFile } from './tls-files.ts';

/**
 * The ways out that the settings name. Beyond this machine they must be encrypted.
 * @throws AppError `notify-needs-tls`, `file-unreadable`
 */
export function notifyChannels({ notify, city }: HubConfig, clock: Clock): Channel[] {
  const secretOf = (key: string, file: string | undefined): string | null =>
    file === undefined ? null : readSettingFile(key, file).trim();
  const webhooks = notify.webhooks.map(({ url, secretFile, minSeverity }) => {
    const { protocol, hostname } = new URL(url);
    if (protocol !== 'https:' && !isLoopback(hostname))
      throw new AppError('notify-needs-tls', 500, `A webhook beyond this machine needs https: ${hostname}.`, {
        host: hostname,
      });
    return createWebhook(
      { url, minSeverity, secret: secretOf('notify.webhooks.secretFile', secretFile) },
      clock.now,
    );
  });
  const { email } = notify;
  if (!email) return webhooks;
  const { host, port, secure, user, passwordFile, from, to, language, minSeverity } = email;
  return [
    ...webhooks,
    createEmail({
      ...{ host, port, secure, from, to, language, minSeverity, timeZone: city.timeZone },
      requireTls: !isLoopback(host),
      user: user ?? null,
      password: secretOf('notify.email.passwordFile', passwordFile),
    }),
  ];
}
