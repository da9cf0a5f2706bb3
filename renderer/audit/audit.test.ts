import { describe, expect, it } from 'vitest';
import { cityZone } from '../archive/city-zone.ts';
import { askOf, isKind, noFilter } from './audit-filter.ts';

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
