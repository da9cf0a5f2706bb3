import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import type { NoticeReceiver } from '../contract/notices.ts';
import { troubleOf } from '../contract/trouble.ts';
import { registerNoticeMetrics } from './metrics.ts';

it('tells of each receiver how it does at this moment', async () => {
  const registry = new Registry();
  const receiver: NoticeReceiver = {
    ...{ name: 'webhook duty a1b2c3', kind: 'webhook', host: 'duty', minSeverity: 'warning' },
    ...{ state: 'failing', waiting: 3, lastSentAt: null, lastFailedAt: 5, nextTryAt: 6 },
    problem: troubleOf('receiver-nobody', 'x'),
    ...{ givenUp: 2, lastGivenUpAt: 4 },
  };
  registerNoticeMetrics(registry, { receivers: async () => [receiver] });
  const told = async () => (await registry.metrics()).split('\n').filter((line) => /^kalancha/.test(line));
  expect(await told()).toEqual([
    'kalancha_notices_failing{receiver="webhook duty a1b2c3"} 1',
    'kalancha_notices_waiting{receiver="webhook duty a1b2c3"} 3',
    'kalancha_notices_given_up{receiver="webhook duty a1b2c3"} 2',
  ]);
  Object.assign(receiver, { state: 'working', waiting: 0 });
  expect(await told()).toContain('kalancha_notices_failing{receiver="webhook duty a1b2c3"} 0');
});
