import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from '../tests/support/free-port.ts';
import { portIfFree } from './free-port.ts';

test('a free port is given again, a taken one is not', async () => {
  const server = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  expect(await portIfFree(port)).toBe(0);
  await new Promise((resolve) => server.close(resolve));
  expect(await portIfFree(port)).toBe(port);
  expect(await portIfFree(0)).toBe(0);
});
