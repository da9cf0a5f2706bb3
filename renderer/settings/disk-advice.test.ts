import { expect, it } from 'vitest';
import { DiskReason, DiskState } from '../../main/contract/recording.ts';
import ru from '../i18n/ru/disks.json';
import { diskAdvice, roomWords } from './disk-advice.ts';

it('says of every disk that is not well what to do', () => {
  const sentences: Record<string, string> = ru.todo;
  for (const state of DiskState.options)
    for (const reason of [null, ...DiskReason.options]) {
      const advice = diskAdvice({ state, reason });
      if (state === 'in-use') expect(advice).toBeNull();
      else expect(sentences[advice ?? '']).toMatch(/\.$/);
    }
  expect(diskAdvice({ state: 'filling', reason: 'no-room' })).toBe('no-room-filling');
});

it('tells room in hours while it is short and in days when it is not', () => {
  expect(roomWords(null).unit).toBe('unknown');
  expect(roomWords(0.4)).toEqual({ unit: 'hours', amount: 0.4 });
  expect(roomWords(120)).toEqual({ unit: 'days', amount: 5 });
});
