import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteConnection from 'better-sqlite3';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import { manualClock } from '../base/clock.ts';
import { createLogger } from '../base/logging.ts';
import { openStorage, type Storage } from '../storage/database.ts';
import { createAudit } from './audit.ts';
import { auditKeyFile, headFileOf } from './head-file.ts';
import type { AuditEvent, AuditStore } from './types.ts';
import { verifyAuditFile } from './verify-file.ts';

let dir: string;
let storage: Storage;
let audit: AuditStore;
const clock = manualClock();
const log = createLogger('silent');

const event = (subject: string, data: Record<string, unknown> = {}): AuditEvent => ({
  kind: 'video.live-start',
  person: { id: 'p1', name: 'Иванов' },
  from: '127.0.0.1',
  subject,
  data,
});

async function start(): Promise<void> {
  storage = await openStorage(dir);
  audit = await createAudit({ db: storage.db, clock, log, keyFile: auditKeyFile(dir), checkpointEvery: 10 });
}

async function stop(): Promise<void> {
  await audit.stop();
  await storage.stop();
}

/** Changes the stopped database as somebody with the file in his hands would: no triggers, no hub. */
function tamper(statement: string): void {
  const connection = new SqliteConnection(join(dir, 'kalancha.db'));
  for (const table of ['audit_entries', 'audit_checkpoints'])
    for (const trigger of ['fixed', 'stay', 'next'])
      connection.exec(`drop trigger if exists ${table}_${trigger}`);
  connection.exec(statement);
  connection.close();
}

async function filled(entries: number): Promise<void> {
  for (let i = 1; i <= entries; i += 1) await audit.record(event(`camera-${i}`, { n: i }));
  await stop();
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'kalancha-audit-'));
  await start();
});

afterEach(async () => {
  await stop();
  rmSync(dir, { recursive: true, force: true });
});

test('an empty log, and a log that was written, stopped and opened again, verify', async () => {
  expect(await audit.verify()).toEqual({ ok: true, entries: 0 });
  await filled(25);
  expect(await verifyAuditFile(dir)).toEqual({ ok: true, entries: 25 });
  await start();
  await audit.record(event('camera-26'));
  expect(await audit.verify()).toEqual({ ok: true, entries: 26 });
  const chain = await audit.chain();
  expect(chain).toMatchObject({ entries: 26, verified: { ok: true, problem: null } });
  expect(chain.checkpoints).toBeGreaterThan(0);
  expect(await verifyAuditFile(dir)).toEqual({ ok: true, entries: 26 });
});

test('entries recorded at the same moment keep their order and are stored when their promise resolves', async () => {
  await Promise.all(Array.from({ length: 450 }, (_, i) => audit.record(event(`c${i}`))));
  const page = await audit.page({ limit: 500 });
  expect(page.items.map((entry) => entry.subject)).toEqual(
    Array.from({ length: 450 }, (_, i) => `c${449 - i}`),
  );
  expect(await audit.verify()).toEqual({ ok: true, entries: 450 });
});

test('an entry and the change it tells of are stored together or not at all', async () => {
  await expect(
    storage.db.transaction().execute(async (trx) => {
      await audit.append(trx, event('gone'));
      throw new Error('the change failed');
    }),
  ).rejects.toThrow('the change failed');
  await storage.db.transaction().execute((trx) => audit.append(trx, event('kept')));
  const page = await audit.page({ limit: 10 });
  expect(page.items.map(({ seq, subject }) => [seq, subject])).toEqual([[1, 'kept']]);
});

test('what cannot be stored fails for its own caller alone', async () => {
  const good = audit.record(event('good'));
  await expect(audit.record(event('bad', { n: 1n }))).rejects.toThrow(/BigInt/);
  await good;
  expect((await audit.chain()).entries).toBe(1);
});

test('the table refuses to be changed, shortened, or filled with gaps', async () => {
  await audit.record(event('camera-1'));
  await expect(sql`update audit_entries set subject = 'x'`.execute(storage.db)).rejects.toThrow(
    /append-only/,
  );
  await expect(sql`delete from audit_entries`.execute(storage.db)).rejects.toThrow(/append-only/);
  await expect(
    sql`insert or replace into audit_entries select 1, at, kind, person_id, 'x', origin, subject, data, hash from audit_entries`.execute(
      storage.db,
    ),
  ).rejects.toThrow(/no gaps/);
});

test('nothing secret is stored', async () => {
  await audit.record(
    event('camera-1', {
      password: 'hunter2',
      at: { streamToken: 'abc' },
      url: 'rtsp://admin:12345@10.0.0.1/1',
    }),
  );
  const [entry] = (await audit.page({ limit: 1 })).items;
  expect(entry?.data).toEqual({
    password: '[secret]',
    at: { streamToken: '[secret]' },
    url: 'rtsp://10.0.0.1/1',
  });
});

test('pages go on where the last one ended, filters fit, an export is oldest first', async () => {
  for (let i = 0; i < 7; i += 1) {
    clock.advance(1000);
    await audit.record({ ...event(`c${i % 2}`), kind: i < 3 ? 'video.live-start' : 'video.live-end' });
  }
  const first = await audit.page({ limit: 3, kind: 'video.live-end' });
  expect(first.total).toBe(4);
  expect(first.items.map(({ seq }) => seq)).toEqual([7, 6, 5]);
  const second = await audit.page({ limit: 3, kind: 'video.live-end', cursor: first.nextCursor });
  expect(second.items.map(({ seq }) => seq)).toEqual([4]);
  expect(second.nextCursor).toBeUndefined();
  await expect(audit.page({ limit: 3, cursor: 'x' })).rejects.toMatchObject({ code: 'bad-cursor' });
  const seqs: number[] = [];
  for await (const entry of audit.entries({ subject: 'c1', from: clock.now() - 4000 })) seqs.push(entry.seq);
  expect(seqs).toEqual([4, 6]);
});

test('the key is for its owner alone; the head file follows the log soon after an entry', async () => {
  expect(statSync(auditKeyFile(dir)).mode & 0o777).toBe(0o600);
  await audit.record(event('camera-1'));
  await eventually(() =>
    expect(JSON.parse(readFileSync(headFileOf(auditKeyFile(dir)), 'utf8'))).toMatchObject({ seq: 1 }),
  );
});

const attacks: [string, () => void, { seq: number; problem: RegExp }][] = [
  [
    'a changed row',
    () => tamper("update audit_entries set person_name = 'Петров' where seq = 12"),
    { seq: 12, problem: /changed/ },
  ],
  [
    'a row whose data is no JSON any more',
    () => tamper("update audit_entries set data = '{' where seq = 3"),
    { seq: 3, problem: /changed/ },
  ],
  ['a removed row', () => tamper('delete from audit_entries where seq = 7'), { seq: 7, problem: /missing/ }],
  [
    'a removed row whose gap was closed',
    () =>
      tamper('delete from audit_entries where seq = 7; update audit_entries set seq = seq - 1 where seq > 7'),
    { seq: 7, problem: /changed/ },
  ],
  [
    'a tail cut off with the checkpoints left',
    () => tamper('delete from audit_entries where seq > 22'),
    { seq: 23, problem: /cut off/ },
  ],
  [
    'a tail cut off with its checkpoints',
    () => tamper('delete from audit_entries where seq > 15; delete from audit_checkpoints where seq > 15'),
    { seq: 16, problem: /entry 25 had been signed/ },
  ],
  [
    'a checkpoint replaced by one for another entry',
    () =>
      tamper(
        'update audit_checkpoints set seq = 9, hash = (select hash from audit_entries where seq = 9) where number = 1',
      ),
    { seq: 9, problem: /signature/ },
  ],
  [
    'a removed checkpoint',
    () => tamper('delete from audit_checkpoints where number = 1'),
    { seq: 20, problem: /checkpoint 1 is missing/ },
  ],
  [
    'the newest checkpoint removed',
    () => tamper('delete from audit_checkpoints where number = (select max(number) from audit_checkpoints)'),
    { seq: 26, problem: /had been signed/ },
  ],
  ['a removed head file', () => unlinkSync(headFileOf(auditKeyFile(dir))), { seq: 26, problem: /missing/ }],
  [
    'a head file that was written by hand',
    () => {
      const file = headFileOf(auditKeyFile(dir));
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), seq: 3 }));
    },
    { seq: 26, problem: /signature/ },
  ],
  [
    'a head file with rubbish behind it',
    () => appendFileSync(headFileOf(auditKeyFile(dir)), 'x'),
    { seq: 26, problem: /cannot be read/ },
  ],
];

test.each(attacks)('%s is found', async (_name, attack, found) => {
  // Checkpoints come with the head file; the wait makes one after ten entries, the stop one at the end.
  for (let i = 1; i <= 10; i += 1) await audit.record(event(`camera-${i}`, { n: i }));
  await stop();
  await start();
  for (let i = 11; i <= 20; i += 1) await audit.record(event(`camera-${i}`, { n: i }));
  await stop();
  await start();
  await filled(5);
  expect(await verifyAuditFile(dir)).toEqual({ ok: true, entries: 25 });
  attack();
  const verdict = await verifyAuditFile(dir);
  expect(verdict).toMatchObject({ ok: false, seq: found.seq, problem: expect.stringMatching(found.problem) });
  await start();
  expect(await audit.verify()).toMatchObject({ ok: false });
});

test('a tail cut off while the hub was down stays on record after it signs anew', async () => {
  await filled(25);
  tamper('delete from audit_entries where seq > 15; delete from audit_checkpoints where seq > 15');
  await start();
  await stop();
  await start();
  await audit.record(event('later'));
  expect(await audit.verify()).toMatchObject({ ok: false, seq: 16, problem: /break found at a start/ });
  const broken = await audit.page({ limit: 10, kind: 'audit.broken' });
  expect(broken.items).toMatchObject([{ seq: 16, data: { signedSeq: 25 } }]);
});

test('a database taken away whole, and a lost key, are on record too', async () => {
  await filled(3);
  for (const name of ['kalancha.db', 'kalancha.db-wal', 'kalancha.db-shm'])
    rmSync(join(dir, name), { force: true });
  await start();
  expect((await audit.page({ limit: 1 })).items[0]).toMatchObject({ kind: 'audit.broken', seq: 1 });
  await stop();
  unlinkSync(auditKeyFile(dir));
  await start();
  expect((await audit.page({ limit: 1 })).items[0]?.data.problem).toMatch(
    /key that signed the log is missing/,
  );
});

test('a folder without a log, and a file that is no key, are told in a sentence', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'kalancha-audit-none-'));
  await expect(verifyAuditFile(empty)).rejects.toMatchObject({ code: 'no-audit-log' });
  rmSync(empty, { recursive: true });
  await stop();
  writeFileSync(auditKeyFile(dir), 'no key');
  await expect(verifyAuditFile(dir)).rejects.toMatchObject({ code: 'audit-key-broken' });
  storage = await openStorage(dir);
  await expect(createAudit({ db: storage.db, clock, log, keyFile: auditKeyFile(dir) })).rejects.toMatchObject(
    { code: 'audit-key-broken' },
  );
});
