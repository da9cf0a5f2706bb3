import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DialectHub, dialectHub } from '../../../tests/support/dialect-hub.ts';
import { sample } from '../../../tests/support/dialect-samples.ts';

let city: DialectHub;
beforeEach(async () => {
  city = await dialectHub();
});
afterEach(() => city.stop());

describe('uCentral', () => {
  test('a state is what the page of the point shows', async () => {
    city.hub.tell('ucentral/50987100327b/state', sample('ucentral-state'));
    expect(await city.health('ap-1')).toMatchObject({
      ...{ uptimeS: 5_748, clientCount: 1, configId: '1657200535' },
      radios: [{ channel: 6 }, { channel: 100 }],
    });
    expect(city.hub.samples).toHaveLength(1);
  });

  test('a poor health check is told once, until it is another', async () => {
    const check = (sanity: number) =>
      city.hub.tell(
        'ucentral/ap-1/healthcheck',
        JSON.stringify({ jsonrpc: '2.0', method: 'healthcheck', params: { serial: '50987100327b', sanity } }),
      );
    for (const sanity of [100, 43, 43, 43, 100, 100]) {
      check(sanity);
      city.hub.seconds(30);
    }
    expect((await city.events('ap-1')).map(({ severity }) => severity)).toEqual(['info', 'critical']);
  });
});

describe('events', () => {
  const topic = 'E4:30:22:F3:31:AA/onvif-ej/Device/HardwareFailure/StorageFailure/&SD_DISK';

  test('the same event is kept once, however often brokers deliver it', async () => {
    city.hub.tell(topic, sample('onvif-storage-failure'));
    city.hub.tell(topic, sample('onvif-storage-failure'));
    await city.hub.stop();
    await city.start();
    city.hub.tell(topic, sample('onvif-storage-failure'), true);
    city.hub.tell(topic.replace('SD_DISK', 'OTHER'), sample('onvif-storage-failure'));
    expect(await city.events('Cam-Two')).toMatchObject([
      { severity: 'critical', data: { Failed: 'true' } },
      { severity: 'critical', type: 'onvif.Device/HardwareFailure/StorageFailure' },
    ]);
  });

  test('an event proves life, a kept one does not', () => {
    city.hub.tell(topic, sample('onvif-storage-failure'), true);
    expect(city.hub.statusOf('Cam-Two')).toBe('never-seen');
    city.hub.tell(topic, '');
    expect(city.hub.statusOf('Cam-Two')).toBe('online');
  });
});
