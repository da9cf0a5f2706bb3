import { expect, it } from 'vitest';
import type { AuditEvent, AuditLog } from '../audit/types.ts';
import { createRefusals } from './refusals.ts';

it('records a refusal once an interval, and how many more there were', async () => {
  const recorded: AuditEvent[] = [];
  const audit = {
    record: async (event: AuditEvent) => void recorded.push(event),
  } as Partial<AuditLog> as AuditLog;
  let now = 0;
  const { refuse } = createRefusals(audit, () => now);
  const viewer = { sessionId: 's', personId: 'p', name: 'n', login: 'l', from: '127.0.0.1' };
  const ask = (subject: string) => refuse({ viewer, action: 'device.edit', subject, reason: 'no-grant' });
  for (let i = 0; i < 20; i++) expect((await ask('cam-1')).status).toBe(403);
  await ask('cam-2');
  now = 11_000;
  await ask('cam-1');
  expect(recorded.map(({ kind, subject, data }) => [kind, subject, data.more])).toEqual([
    ['access.refused', 'cam-1', undefined],
    ['access.refused', 'cam-2', undefined],
    ['access.refused', 'cam-1', 19],
  ]);
});

it('tells of a session that tries everything by number, not one by one', async () => {
  const recorded: AuditEvent[] = [];
  const audit = {
    record: async (event: AuditEvent) => void recorded.push(event),
  } as Partial<AuditLog> as AuditLog;
  let now = 0;
  const { refuse } = createRefusals(audit, () => now);
  const ask = (sessionId: string, subject: string) =>
    refuse({
      viewer: { sessionId, personId: 'p', name: 'n', login: 'l', from: '127.0.0.1' },
      ...{ action: 'video.live', subject, reason: 'no-grant' },
    });
  for (let i = 0; i < 1_000; i++) expect((await ask('a', `cam-${i}`)).status).toBe(403);
  expect(recorded).toHaveLength(60);
  // Nobody else is kept out of the record by that.
  await ask('b', 'cam-1');
  expect(recorded).toHaveLength(61);
  now = 11_000;
  await ask('a', 'cam-0');
  expect(recorded.at(-1)).toMatchObject({ subject: 'cam-0', data: { others: 940 } });
});
