import { describe, expect, test } from 'vitest';
import { dialectHub } from '../../../tests/support/dialect-hub.ts';
import { statePayload } from '../../../tests/support/health-harness.ts';
import { turnedHealth } from '../../../tests/support/turned-health.ts';
import { createQuarantine, type Refusal } from './quarantine.ts';
import { LOOKED_AT_BYTES } from './sample.ts';

const topic = (id: string) => ({ foreign: `${id}/status`, channel: 'status', deviceId: id }) as const;
const refusal = (
  num: number,
  at: number,
  reason = 'not-json',
  payload = Buffer.from(`n ${num} ${at}`),
): Refusal => ({ num, tongue: 'homie', reason, topic: topic(`d${num}`), payload, at });

describe('in memory', () => {
  test('is bounded while devices without number send nonsense: the newest stay, every sum does', () => {
    const quarantine = createQuarantine(100);
    for (let num = 1; num <= 5_000; num++) quarantine.take(refusal(num, num));
    const batch = quarantine.waiting(10_000);
    expect(batch.details.map(({ num }) => num)).toEqual(Array.from({ length: 100 }, (_, i) => 4_901 + i));
    expect(batch.gone).toEqual([]);
    expect(quarantine.of(1)?.count).toBe(1);
    quarantine.written(batch);
    // Stored ones are let go in the database too.
    quarantine.take(refusal(1, 6_000));
    expect(quarantine.waiting(10_000).gone).toEqual([{ num: 4_901, tongue: 'homie', reason: 'not-json' }]);
  });

  test('a reason that is heard of again is not the oldest any more', () => {
    const quarantine = createQuarantine(2);
    for (const [num, at] of [
      [1, 1],
      [2, 2],
      [1, 3],
      [3, 4],
    ] as const)
      quarantine.take(refusal(num, at));
    expect(quarantine.waiting(9).details).toMatchObject([
      { num: 1, count: 2, firstAt: 1, lastAt: 3 },
      { num: 3, count: 1 },
    ]);
  });

  test('what could not be written waits, also what came meanwhile; of huge messages only a beginning', () => {
    const quarantine = createQuarantine();
    quarantine.take(refusal(1, 1, 'wrong-field /a/b', Buffer.alloc(60_000, 'x ')));
    const failed = quarantine.waiting(9);
    expect(failed.details).toMatchObject([{ place: '/a/b', sample: { bytes: 60_000, cut: true } }]);
    quarantine.failed(failed);
    const batch = quarantine.waiting(9);
    expect(batch).toEqual(failed);
    quarantine.take(refusal(1, 2, 'wrong-field /c'));
    quarantine.written(batch);
    expect(quarantine.unstored(1)).toMatchObject([{ count: 2, place: '/c', sample: { text: 'n 1 2' } }]);
    quarantine.written(quarantine.waiting(9));
    expect(quarantine.unstored(1)).toEqual([]);
    expect(LOOKED_AT_BYTES).toBeLessThan(2_000);
  });

  test('labels of metrics do not grow with what is sent', () => {
    const quarantine = createQuarantine();
    for (let i = 0; i < 500; i++) quarantine.take(refusal(1, i, `made-up-${i}`));
    for (let i = 0; i < 3; i++) quarantine.take(refusal(i, i, `wrong-field /${i}`));
    expect(quarantine.totals()).toEqual([
      { tongue: 'homie', reason: 'other', count: 500 },
      { tongue: 'homie', reason: 'wrong-field', count: 3 },
    ]);
  });
});

describe('of a device', () => {
  const turned = turnedHealth();
  const quarantined = async () => {
    const [ap] = turned.hub.devices;
    if (!ap) throw new Error('no device');
    return turned.hub.health.quarantine(ap);
  };

  test('by reason, with times, topic, place, what was expected and the newest sample; over a restart too', async () => {
    const { hub } = turned;
    const clients = (rssiDbm: unknown) => ({ clients: [{ mac: 'AA:BB:CC:11:22:33', rssiDbm }] });
    hub.send('ap', 'ap-1', 'state', statePayload('ap-1', 1, 1, clients('loud')));
    const first = hub.clock.now();
    hub.seconds(5);
    hub.send('ap', 'ap-1', 'state', statePayload('ap-1', 1, 2, clients(null)));
    hub.seconds(5);
    hub.send('ap', 'ap-1', 'event', '{"v":1,"password":"hunter2",}');
    const expected = {
      count: 3,
      entries: [
        {
          ...{
            tongue: 'kalancha',
            reason: 'not-json',
            count: 1,
            firstAt: first + 10_000,
            lastAt: first + 10_000,
          },
          ...{ place: null, detail: 'at character 28', topic: expect.stringMatching(/\/ap-1\/event$/) },
          sample: { form: 'text', text: '{"v":1,"password":***,}', bytes: 29, cut: false },
        },
        {
          ...{ tongue: 'kalancha', reason: 'wrong-field', count: 2, firstAt: first, lastAt: first + 5_000 },
          ...{
            place: '/clients/0/rssiDbm',
            detail: 'Expected number',
            topic: expect.stringMatching(/\/state$/),
          },
          sample: {
            ...{ form: 'text', cut: false, bytes: expect.any(Number) },
            text: expect.stringContaining('"mac":"aa:bb:cc:xx:xx:xx","rssiDbm":null'),
          },
        },
      ],
    };
    expect(await quarantined()).toEqual(expected);
    await turned.restart();
    expect(await quarantined()).toEqual(expected);
    turned.hub.send('ap', 'ap-1', 'event', 'again');
    const again = (await quarantined()).entries.find(({ reason }) => reason === 'not-json');
    expect(again).toMatchObject({ count: 2, firstAt: first + 10_000, sample: { text: 'again' } });
    const files = JSON.stringify(await turned.hub.db.selectFrom('quarantine_reasons').selectAll().execute());
    expect(files).not.toMatch(/hunter2|11:22:33/);
  });
});

test('of another dialect, under its name', async () => {
  const desk = await dialectHub();
  desk.hub.tell('homie/ap-1/$state', 'sideways');
  desk.hub.tell('ap-1/onvif-ej/Device/X', '{"UtcTime":"yesterday","Source":{}}');
  const [ap] = desk.hub.devices;
  if (!ap) throw new Error('no device');
  const { entries } = await desk.hub.health.quarantine(ap);
  expect(entries.map(({ tongue, reason, place, topic: text }) => [tongue, reason, place, text])).toEqual([
    ['onvif', 'wrong-field', '/UtcTime', 'ap-1/onvif-ej/Device/X'],
    ['homie', 'unknown-state', null, 'homie/ap-1/$state'],
  ]);
  expect(desk.hub.health.refused()).toEqual([
    { tongue: 'homie', reason: 'unknown-state', count: 1 },
    { tongue: 'onvif', reason: 'wrong-field', count: 1 },
  ]);
  await desk.stop();
});
