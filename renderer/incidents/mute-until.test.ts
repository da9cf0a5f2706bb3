import { expect, test } from 'vitest';
import { cityZone } from '../time/city-zone.ts';
import { nextShiftChanges, readMuteUntil } from './mute-until.ts';

const moscow = cityZone('Europe/Moscow');
const berlin = cityZone('Europe/Berlin');
const at = (iso: string) => Date.parse(iso);
const iso = (times: readonly number[]) => times.map((ms) => new Date(ms).toISOString());

test('the next shifts are those of the city: in the morning the evening comes first', () => {
  const night = nextShiftChanges(at('2026-11-22T03:10:00+03:00'), moscow);
  expect(night).toEqual([at('2026-11-22T08:00:00+03:00'), at('2026-11-22T20:00:00+03:00')]);
  const day = nextShiftChanges(at('2026-11-22T11:00:00+03:00'), moscow);
  expect(day).toEqual([at('2026-11-22T20:00:00+03:00'), at('2026-11-23T08:00:00+03:00')]);
  const evening = nextShiftChanges(at('2026-12-31T22:00:00+03:00'), moscow);
  expect(evening).toEqual([at('2027-01-01T08:00:00+03:00'), at('2027-01-01T20:00:00+03:00')]);
});

test('a shift that is about to change is not worth a muting', () => {
  const before = nextShiftChanges(at('2026-11-22T07:55:00+03:00'), moscow);
  expect(before).toEqual([at('2026-11-22T20:00:00+03:00'), at('2026-11-23T08:00:00+03:00')]);
});

test('the night in which the clocks are put back is an hour longer', () => {
  const changes = nextShiftChanges(at('2026-10-24T22:00:00+02:00'), berlin);
  expect(iso(changes)).toEqual(['2026-10-25T07:00:00.000Z', '2026-10-25T19:00:00.000Z']);
});

test('a written moment is whole, ahead, and at most a week away', () => {
  const now = at('2026-11-22T03:10:00+03:00');
  const read = (text: string) => readMuteUntil(text, now, moscow);
  expect(read('2026-11-22T08:00')).toEqual({ until: at('2026-11-22T08:00:00+03:00') });
  expect(read('2026-11-22T')).toEqual({ problem: 'no-time' });
  expect(read('2026-11-22T03:10')).toEqual({ problem: 'past' });
  expect(read('2026-11-29T03:09')).toEqual({ until: at('2026-11-29T03:09:00+03:00') });
  expect(read('2026-11-29T03:10')).toEqual({ problem: 'too-long' });
});
