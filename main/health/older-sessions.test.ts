import { expect, test } from 'vitest';
import { statePayload, statusPayload } from '../../tests/support/health-harness.ts';
import { turnedHealth } from '../../tests/support/turned-health.ts';

const turned = turnedHealth();
const { state, healthOf } = turned;

test('what comes of an older session counts for nothing, and is told as the reason of the silence', async () => {
  turned.hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 17, true, 4));
  turned.hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 18, true, 4));
  const earlier = (seconds: number, first: number) => {
    for (let second = 0; second < seconds; second++) {
      state(17, first + second);
      turned.hub.seconds(1);
    }
  };
  earlier(11, 1);
  expect(await healthOf(1)).toMatchObject({ status: 'offline', reason: 'older-session', olderSession: 17 });
  expect((await healthOf(1)).changes[0]).toMatchObject({ status: 'offline', reason: 'older-session' });
  // It falls silent there too: now it is silence and nothing else.
  turned.hub.seconds(11);
  expect(await healthOf(1)).toMatchObject({ reason: 'heartbeat-missed', olderSession: null });
  earlier(1, 90);
  expect(await healthOf(1)).toMatchObject({ reason: 'older-session', olderSession: 17 });
  // Kept by a broker, it proves nothing of now; a message of the live session ends it.
  state(18, 1);
  turned.hub.send('ap', 'ap-1', 'state', statePayload('ap-1', 17, 200), true);
  expect(await healthOf(1)).toMatchObject({ status: 'online', olderSession: null });
});
