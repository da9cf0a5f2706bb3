import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { AccessGate, Viewer } from '../access/types.ts';
import type { AuditEvent, AuditLog } from '../audit/types.ts';
import { Bitset } from '../base/bitset.ts';
import type { Action } from '../contract/access.ts';
import type { TestCity } from '../devices/test-city.ts';
import type { DeviceRecord } from '../devices/types.ts';
import { type Api, createServer } from './server.ts';

/** May this person do it? Null asks "anywhere at all". */
export type TestRule = (action: Action, device: DeviceRecord | null) => boolean;

/** A server over a test city, with rights that a test makes up and a log that it can read. */
export interface TestDesk {
  app: Api;
  gate: AccessGate;
  audit: AuditLog;
  /** What is on record, in order. Stored in the database with the change it tells of. */
  recorded(): Promise<AuditEvent[]>;
  /** Sets what the person with this token may do. */
  allow(token: string, rule: TestRule): void;
  /** A request as that person. */
  as(token: string, options: InjectOptions): Promise<LightMyRequestResponse>;
}

const PREFIX = 'test-audit-';

export async function makeTestDesk(city: TestCity): Promise<TestDesk> {
  const rules = new Map<string, TestRule>();
  let version = 1;
  const bits = new Map<string, Bitset>();
  const may = (viewer: Viewer, action: Action, device: DeviceRecord | null) =>
    rules.get(viewer.personId)?.(action, device) ?? false;
  const gate: AccessGate = {
    authenticate: (token, from) =>
      rules.has(token) ? { sessionId: token, personId: token, name: token, login: token, from } : null,
    alive: (viewer) => rules.has(viewer.personId),
    may: (viewer, action, device) =>
      may(viewer, action, device) ? { allowed: true } : { allowed: false, reason: 'no-grant' },
    visible(viewer, action) {
      const key = `${viewer.personId} ${action} ${version} ${city.devices.version}`;
      const kept = bits.get(key);
      if (kept) return kept;
      const made = new Bitset();
      for (const device of city.devices.all()) if (may(viewer, action, device)) made.add(device.num);
      bits.set(key, made);
      return made;
    },
    rightsVersion: () => version,
    info: () => Promise.reject(new Error('not asked here')),
  };
  let entries = 0;
  const write = async (db: typeof city.storage.db, event: AuditEvent) => {
    entries += 1;
    const key = `${PREFIX}${String(entries).padStart(6, '0')}`;
    await db
      .insertInto('meta')
      .values({ key, value: JSON.stringify(event) })
      .execute();
  };
  const unused = () => Promise.reject(new Error('not asked here'));
  const audit: AuditLog = {
    append: (trx, event) => write(trx, event),
    record: (event) => write(city.storage.db, event),
    page: unused,
    chain: unused,
    verify: unused,
  };
  const app = await createServer({
    log: city.log,
    door: { gate, audit, devices: city.devices, cookieName: 'session' },
    origin: { hosts: () => [], launchToken: undefined },
    version: '0.0.0',
  });
  return {
    app,
    gate,
    audit,
    async recorded() {
      const rows = await city.storage.db
        .selectFrom('meta')
        .select('value')
        .where('key', 'like', `${PREFIX}%`)
        .orderBy('key')
        .execute();
      return rows.map((row) => JSON.parse(row.value) as AuditEvent);
    },
    allow(token, rule) {
      rules.set(token, rule);
      version += 1;
    },
    as: (token, options) => app.inject({ ...options, cookies: { session: token } }),
  };
}
