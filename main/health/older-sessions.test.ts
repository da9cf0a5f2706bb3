import { expect, test } from 'vitest';
import { statePayload, statusPayload } from '../../tests/support/health-harness.ts';
import { turnedHealth } from '../../tests/support/turned-health.ts';

const turned = turnedHealth();
const { state, healthOf, restart } = turned;

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

test('a start knows why a device that speaks in an older session is shown as gone', async () => {
  turned.hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 17, true, 4));
  turned.hub.send('ap', 'ap-1', 'status', statusPayload('ap-1', 18, true, 4));
  for (let second = 0; second < 11; second++) {
    state(17, second + 1);
    turned.hub.seconds(1);
  }
  await restart();
  const gone = { status: 'offline', reason: 'older-session', olderSession: 17 };
  expect(await healthOf(1)).toMatchObject(gone);
  // It goes on so: nothing new is told.
  turned.hub.seconds(5);
  state(17, 90);
  turned.hub.seconds(5);
  expect(await healthOf(1)).toMatchObject(gone);
  expect(turned.hub.told).toEqual([]);
  // It fell silent there too, over a start as well.
  await restart();
  turned.hub.seconds(11);
  expect(await healthOf(1)).toMatchObject({ reason: 'heartbeat-missed', olderSession: null });
  await restart();
  expect(await healthOf(1)).toMatchObject({ reason: 'heartbeat-missed', olderSession: null });
});
