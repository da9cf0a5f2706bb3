import { expect, test } from 'vitest';
import { createPictureCache } from './picture.ts';

test('pictures are decoded once each, and no endless queue of them grows', async () => {
  const cache = createPictureCache(1_000, 4);
  let made = 0;
  const all = Promise.withResolvers<void>();
  const make = async () => {
    made += 1;
    await all.promise;
    return Buffer.from('jpeg');
  };
  const waiting = ['a', 'b', 'c', 'd', 'a', 'b'].map((key) => cache.get(key, make));
  await expect(cache.get('e', make)).rejects.toMatchObject({ code: 'pictures-busy', status: 503 });
  all.resolve();
  expect(await Promise.all(waiting)).toHaveLength(6);
  expect(made).toBe(4);
  expect((await cache.get('e', make)).toString()).toBe('jpeg');
});
