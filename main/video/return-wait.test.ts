import { createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { manualClock } from '../base/clock.ts';
import { reach } from './reach.ts';
import { waitForReturn } from './return-wait.ts';
import type { FoundProblem } from './stream-problem.ts';

const gone: FoundProblem = { code: 'refused', detail: '' };
const never = new AbortController().signal;

/** Waits by a clock that only pausing moves on. `there` says from when to when the server answers. */
async function wait(waitMs: number, there: (ms: number) => boolean) {
  const clock = manualClock();
  const begun = clock.monotonic();
  const passed = () => clock.monotonic() - begun;
  let looks = 0;
  const back = await waitForReturn({
    clock,
    waitMs,
    look: async () => {
      looks += 1;
      return there(passed()) ? null : gone;
    },
    signal: never,
    random: () => 0.5,
    pause: async (ms) => clock.advance(Math.max(0, ms)),
  });
  return { back, afterMs: passed(), looks };
}

test('a server that comes back is met within a second, however long backing off would be', async () => {
  const { back, afterMs } = await wait(15_000, (ms) => ms > 8_400);
  expect(back).toBe(true);
  expect(afterMs).toBeGreaterThan(8_400);
  expect(afterMs).toBeLessThanOrEqual(9_400);
});

test('a server that answers and gives nothing is left alone for its time', async () => {
  expect(await wait(15_000, () => true)).toMatchObject({ back: false, afterMs: 15_000 });
});

test('one that stays dead costs a look a second, and is really tried each minute', async () => {
  const { back, afterMs, looks } = await wait(700, () => false);
  expect(back).toBe(false);
  expect(afterMs).toBeGreaterThan(60_000);
  expect(looks).toBeLessThanOrEqual(62);
});

test('an address that cannot be asked waits its time; who leaves does not wait', async () => {
  const clock = manualClock();
  const options = { clock, waitMs: 5_000, look: undefined, random: () => 0.5 };
  const pause = async (ms: number) => clock.advance(ms);
  expect(await waitForReturn({ ...options, signal: never, pause })).toBe(false);
  expect(await waitForReturn({ ...options, signal: AbortSignal.abort(), pause })).toBe(false);
});

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    open.push(() => socket.destroy());
    socket.on('error', () => socket.destroy());
    onSocket(socket);
  });
  open.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

test('an RTSP server is asked for one answer, whatever it says; a hung one gives none', async () => {
  const asked: string[] = [];
  const port = await listen((socket) =>
    socket.on('data', (data) => {
      asked.push(String(data));
      socket.write('RTSP/1.0 401 Unauthorized\r\n\r\n');
    }),
  );
  expect(await reach({ host: '127.0.0.1', port, rtsp: true }, never)).toBeNull();
  expect(asked).toEqual([expect.stringMatching(/^OPTIONS \* RTSP\/1\.0\r\nCSeq: 1\r\n/)]);
  const hung = await listen((socket) => void socket.resume());
  expect(await reach({ host: '127.0.0.1', port: hung, rtsp: true }, never)).toMatchObject({
    code: 'timed-out',
  });
  // Where only a connection can be asked for, that is enough.
  expect(await reach({ host: '127.0.0.1', port: hung, rtsp: false }, never)).toBeNull();
  expect(await reach({ host: '127.0.0.1', port: 1, rtsp: true }, never)).toMatchObject({ code: 'refused' });
});
