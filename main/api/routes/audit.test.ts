import { afterEach, beforeEach, expect, test } from 'vitest';
import { entryHash, GENESIS_HASH } from '../../audit/chain.ts';
import { AuditEntry, type AuditPage } from '../../contract/audit.ts';
import { startTestHub, type TestHub } from './access-test-hub.ts';

let hub: TestHub;
let auditor: string;
beforeEach(async () => {
  hub = await startTestHub();
  const admin = await hub.admin();
  const person = await hub.person(admin, 'zaitsev');
  await hub.grant(admin, person.id, 'auditor');
  auditor = await hub.signIn('zaitsev');
});
afterEach(() => hub.stop());

test('the log is read in pages, and reading it is on record once, not for each page', async () => {
  const first = (await hub.call(auditor, 'GET', '/api/audit?limit=3')).body as AuditPage;
  expect(first.items.map(({ kind }) => kind)).toEqual(['audit.read', 'session.sign-in', 'grant.added']);
  const second = (await hub.call(auditor, 'GET', `/api/audit?limit=3&cursor=${first.nextCursor}`))
    .body as AuditPage;
  expect(second.items[0]?.kind).toBe('person.added');
  const reads = await hub.entries('audit.read');
  expect(reads).toMatchObject([{ personName: 'zaitsev', subject: 'list', data: {} }]);
  await hub.call(auditor, 'GET', '/api/audit?kind=grant.added&personId=x');
  expect((await hub.entries('audit.read'))[0]?.data).toEqual({ kind: 'grant.added', personId: 'x' });
  expect((await hub.call(auditor, 'GET', '/api/audit?kind=nonsense')).status).toBe(400);
});

test('a page that was not offered, or was to another question, is on record', async () => {
  await hub.call(auditor, 'GET', '/api/audit?limit=1&cursor=5');
  expect(await hub.entries('audit.read')).toMatchObject([{ subject: 'list', data: { cursor: '5' } }]);
  await hub.call(auditor, 'GET', '/api/audit?limit=1&cursor=4');
  expect(await hub.entries('audit.read')).toHaveLength(1);
  await hub.call(auditor, 'GET', '/api/audit?limit=1&cursor=4&kind=grant.added');
  expect(await hub.entries('audit.read')).toHaveLength(2);
  const again = await hub.signIn('zaitsev');
  await hub.call(again, 'GET', '/api/audit?limit=1&cursor=4');
  expect(await hub.entries('audit.read')).toHaveLength(3);
});

test('the chain is told and verified', async () => {
  const verdict = await hub.call(auditor, 'POST', '/api/audit/verify');
  expect(verdict).toMatchObject({ status: 200, body: { ok: true, seq: null, problem: null } });
  const chain = await hub.call(auditor, 'GET', '/api/audit/chain');
  expect(chain.body).toMatchObject({ verified: { ok: true, problem: null } });
});

test('an export is the chain itself: anybody can compute it again', async () => {
  const answer = await hub.call(auditor, 'GET', '/api/audit/export');
  expect(answer.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
  const entries = answer.text
    .trimEnd()
    .split('\n')
    .map((line) => AuditEntry.parse(JSON.parse(line)));
  expect(entries.at(-1)).toMatchObject({ kind: 'audit.read', subject: 'export' });
  let hash = GENESIS_HASH;
  for (const { seq, at, kind, personId, personName, from, subject, data, hash: stored } of entries) {
    hash = entryHash(hash, {
      ...{ seq, at, kind, person_id: personId, person_name: personName, origin: from, subject },
      data: JSON.stringify(data),
    });
    expect(hash).toBe(stored);
  }
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1));
});

test('an export ends when the right ends', async () => {
  // More than the sockets on the way hold, so that most is still to be sent when the right ends.
  const filler = Array<string>(14).fill('x'.repeat(1000));
  await Promise.all(
    Array.from({ length: 2000 }, (_, i) =>
      hub.audit.record({ kind: 'system.started', person: null, from: '', subject: '', data: { i, filler } }),
    ),
  );
  const token = auditor.split('=')[1] ?? '';
  const viewer = hub.access.gate.authenticate(token, '');
  if (!viewer) throw new Error('signed in');
  await hub.app.listen({ host: '127.0.0.1', port: 0 });
  const address = hub.app.server.address();
  if (address === null || typeof address === 'string') throw new Error('listening');
  const answer = await fetch(`http://127.0.0.1:${address.port}/api/audit/export`, {
    headers: { cookie: auditor },
  });
  expect(answer.status).toBe(200);
  const reader = answer.body?.getReader();
  await reader?.read();
  await hub.access.signIn.signOut(viewer);
  const rest = async () => {
    for (;;) if ((await reader?.read())?.done) return;
  };
  await expect(rest()).rejects.toThrow();
});
