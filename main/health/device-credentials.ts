import { randomBytes } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { hmacOfSecret, newDeviceSecret, sameHmac } from '../mqtt/credentials.ts';
import type { DeviceCredentialCheck } from '../mqtt/types.ts';
import type { Database } from '../storage/tables.ts';

const KEY_NAME = 'device-credential-key';

type RecordChange = (trx: Transaction<Database>) => Promise<void>;

/** Secrets by which devices sign in at the embedded broker. Only their HMACs are kept. */
export interface DeviceCredentials extends DeviceCredentialCheck {
  /**
   * Makes a new secret for the device and ends the old one. The secret is told this once. `record` puts the change
   * on record in the transaction that makes it.
   */
  issue(deviceId: string, record?: RecordChange): Promise<string>;
  revoke(deviceId: string, record?: RecordChange): Promise<void>;
  has(deviceId: string): boolean;
  readonly count: number;
}

/** Reads them all: a city that reconnects is checked from memory. */
export async function openDeviceCredentials(options: {
  db: Kysely<Database>;
  clock: Clock;
}): Promise<DeviceCredentials> {
  const { db, clock } = options;
  const key = await hubKey(db);
  const hmacs = new Map<string, Uint8Array>();
  const listeners = new Set<(deviceId: string) => void>();
  const ended = (deviceId: string) => {
    for (const listener of listeners) listener(deviceId);
  };
  for (const row of await db.selectFrom('device_credentials').select(['device_id', 'secret_hmac']).execute())
    hmacs.set(row.device_id, row.secret_hmac);

  return {
    get count() {
      return hmacs.size;
    },
    has: (deviceId) => hmacs.has(deviceId),
    verify(deviceId, secret) {
      const stored = hmacs.get(deviceId);
      return stored !== undefined && sameHmac(stored, hmacOfSecret(key, secret));
    },
    onEnded(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async issue(deviceId, record) {
      const secret = newDeviceSecret();
      const hmac = hmacOfSecret(key, secret);
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto('device_credentials')
          .values({ device_id: deviceId, secret_hmac: hmac, created_at: clock.now() })
          .onConflict((conflict) =>
            conflict.column('device_id').doUpdateSet({ secret_hmac: hmac, created_at: clock.now() }),
          )
          .execute();
        await record?.(trx);
      });
      hmacs.set(deviceId, hmac);
      ended(deviceId);
      return secret;
    },
    async revoke(deviceId, record) {
      await db.transaction().execute(async (trx) => {
        await trx.deleteFrom('device_credentials').where('device_id', '=', deviceId).execute();
        await record?.(trx);
      });
      hmacs.delete(deviceId);
      ended(deviceId);
    },
  };
}

/** The hub's own key, made at first use. */
async function hubKey(db: Kysely<Database>): Promise<Buffer> {
  await db
    .insertInto('meta')
    .values({ key: KEY_NAME, value: randomBytes(32).toString('base64url') })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('key', '=', KEY_NAME)
    .executeTakeFirstOrThrow();
  return Buffer.from(row.value, 'base64url');
}
