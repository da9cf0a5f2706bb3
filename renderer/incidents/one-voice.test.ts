import { expect, it, vi } from 'vitest';
import { createOneVoice } from './one-voice.ts';

it('one of two windows sounds an alarm, and either may sound the next', async () => {
  let go = (): void => undefined;
  const wait = () =>
    new Promise<void>((resolve) => {
      go = resolve;
    });
  const { locks } = navigator;
  const [console, wall] = [createOneVoice({ locks, wait }), createOneVoice({ locks, wait })];
  const sound = vi.fn();
  const first = console.speak(() => sound('console'));
  await wall.speak(() => sound('wall'));
  expect(sound.mock.calls).toEqual([['console']]);
  go();
  await first;
  const second = wall.speak(() => sound('wall'));
  await vi.waitFor(() => expect(sound).toHaveBeenLastCalledWith('wall'));
  go();
  await second;
});
