import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { portIfFree } from './free-port.ts';

test('a free port is given again, a taken one is not', async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    }),
  );
  expect(port).toBeGreaterThan(0);
  expect(await portIfFree(port)).toBe(0);
  await new Promise((resolve) => server.close(resolve));
  expect(await portIfFree(port)).toBe(port);
  expect(await portIfFree(0)).toBe(0);
});
