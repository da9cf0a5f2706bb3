import { describe, expect, it } from 'vitest';
import { cityZone } from '../time/city-zone.ts';
import { askOf, isKind, noFilter } from './audit-filter.ts';

import { doneByHub, namesIn, subjectOf } from './subject.ts';

const moscow = cityZone('Europe/Moscow');

describe('audit filter', () => {
  it('asks for nothing that was not chosen', () => {
    expect(askOf(noFilter, moscow)).toEqual({ ask: {}, unclear: [] });
  });

  it('reads its bounds by the city’s clock, the last minute included', () => {
    const filter = {
      kind: 'video.refused' as const,
      personId: ' p1 ',
      subject: 'cam-7',
      from: '2026-11-21T18:40',
      to: '2026-11-21T18:40',
    };
    expect(askOf(filter, moscow).ask).toEqual({
      kind: 'video.refused',
      personId: 'p1',
      subject: 'cam-7',
      from: Date.parse('2026-11-21T18:40:00+03:00'),
      to: Date.parse('2026-11-21T18:40:59.999+03:00'),
    });
  });

  it('names a bound that happened twice instead of guessing', () => {
    const { ask, unclear } = askOf({ ...noFilter, from: '2026-10-25T02:30' }, cityZone('Europe/Berlin'));
    expect(ask).toEqual({});
    expect(unclear).toEqual(['from']);
  });

  it('knows kinds from other words', () => {
    expect(isKind('grant.added')).toBe(true);
    expect(isKind('grant.eaten')).toBe(false);
    expect(isKind(null)).toBe(false);
  });
});

describe('subject of an entry', () => {
  const entry = {
    seq: 1,
    at: 0,
    kind: 'session.sign-in' as const,
    personId: 'p1',
    personName: 'Орлова',
    from: '127.0.0.1',
    subject: 'p1',
    data: {},
    hash: '',
  };

  it('is a name where one is known, a word for a reading of the log, else the id', () => {
    const names = namesIn([entry]);
    expect(subjectOf(entry, names)).toEqual({ text: 'Орлова' });
    expect(subjectOf({ kind: 'audit.read', subject: 'verify' }, names)).toEqual({ read: 'verify' });
    expect(subjectOf({ kind: 'device.added', subject: 'list' }, names)).toEqual({ text: 'list' });
  });

  it('names who was added, and knows the hub from a stranger', () => {
    const added = {
      ...{ kind: 'person.added' as const, personId: null, personName: '', from: '', subject: 'p2' },
      data: { name: 'Соколов' },
    };
    expect(subjectOf({ kind: 'grant.added', subject: 'p2' }, namesIn([added]))).toEqual({ text: 'Соколов' });
    expect(doneByHub(added)).toBe(true);
    expect(doneByHub({ personId: null, from: '192.0.2.7' })).toBe(false);
    expect(doneByHub(entry)).toBe(false);
  });
});
