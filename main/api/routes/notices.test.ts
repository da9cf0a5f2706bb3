import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../base/errors.ts';
import { type NoticeReceiver, NoticeReceivers } from '../../contract/notices.ts';
import { troubleOf } from '../../contract/trouble.ts';
import { makeTestCity, type TestCity } from '../../devices/test-city.ts';
import { makeTestDesk, type TestDesk } from '../test-desk.ts';
import { noticeRoutes } from './notices.ts';

const receiver: NoticeReceiver = {
  ...{ name: 'webhook duty.example:8443 a1b2c3', kind: 'webhook', host: 'duty.example:8443' },
  ...{ minSeverity: 'warning', state: 'failing', waiting: 3, lastSentAt: null, lastFailedAt: 5 },
  ...{
    problem: troubleOf('receiver-nobody', 'nobody there', { host: 'hooks.example' }),
    nextTryAt: 6,
    givenUp: 0,
    lastGivenUpAt: null,
  },
};
let city: TestCity;
let desk: TestDesk;
let tested: string[];
beforeEach(async () => {
  city = await makeTestCity();
  desk = await makeTestDesk(city);
  tested = [];
  noticeRoutes(desk.app, {
    audit: desk.audit,
    notices: {
      receivers: async () => [receiver],
      async test(name) {
        tested.push(name);
        throw new AppError('notice-test-failed', 502, 'The test did not get through.', {
          trouble: 'receiver-other',
        });
      },
    },
  });
  desk.allow('sysadmin', (action) => action === 'system.configure');
  desk.allow('officer', (action) => action !== 'system.configure');
});
afterEach(async () => {
  await desk.app.close();
  await city.stop();
});

const asked = (who: 'sysadmin' | 'officer', name: string) =>
  desk.as(who, { method: 'POST', url: `/api/notices/receivers/${encodeURIComponent(name)}/test` });

test('who configures the system sees the receivers and tests them, on record; nobody else does', async () => {
  const list = await desk.as('sysadmin', { method: 'GET', url: '/api/notices/receivers' });
  expect(NoticeReceivers.parse(list.json()).receivers).toEqual([receiver]);
  expect((await desk.as('officer', { method: 'GET', url: '/api/notices/receivers' })).statusCode).toBe(403);
  expect((await asked('officer', receiver.name)).statusCode).toBe(403);
  expect((await asked('sysadmin', 'somebody else')).statusCode).toBe(404);
  expect(tested).toEqual([]);
  const answer = await asked('sysadmin', receiver.name);
  expect([answer.statusCode, answer.json()]).toMatchObject([502, { code: 'notice-test-failed' }]);
  expect(tested).toEqual([receiver.name]);
  expect((await desk.recorded()).filter(({ kind }) => kind === 'notice.tested')).toMatchObject([
    { subject: receiver.name },
  ]);
});
