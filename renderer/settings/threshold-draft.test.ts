import { describe, expect, it } from 'vitest';
import { ThresholdInput } from '../../main/contract/thresholds.ts';
import { choices, draftOf, faultsOf, inputOf, keyOf, type ThresholdDraft } from './threshold-draft.ts';

const draft = (change: Partial<ThresholdDraft> = {}): ThresholdDraft => ({
  ...{ kind: 'ap', metric: 'noise-5', side: 'above', raise: -75, clear: -80, reports: 10 },
  ...{ enabled: true, fresh: false },
  ...change,
});

describe('a threshold while it is edited', () => {
  it('is what the hub takes as long as nothing is wrong with it', () => {
    expect(ThresholdInput.safeParse(inputOf(draft())).success).toBe(true);
    expect(inputOf(draft({ clear: -70 }))).toBeUndefined();
    expect(inputOf(draft({ reports: null }))).toBeUndefined();
  });

  it('says which field is wrong and how', () => {
    expect(faultsOf(draft())).toEqual({});
    expect(faultsOf(draft({ clear: -70 }))).toEqual({ clear: 'clear-above' });
    expect(faultsOf(draft({ side: 'below', raise: 5, clear: 4 }))).toEqual({ clear: 'clear-below' });
    expect(faultsOf(draft({ raise: null, reports: 1.5 }))).toEqual({
      raise: 'level-needed',
      reports: 'reports-wrong',
    });
  });

  it('comes from a stored one without its id', () => {
    const stored = { id: 't1', kind: 'ap', metric: 'cpu', side: 'above', raise: 95, clear: 85 } as const;
    const made = draftOf({ ...stored, reports: 6, enabled: false });
    expect(inputOf(made)).not.toHaveProperty('id');
    expect(keyOf(made)).toBe('ap cpu above');
  });
});

it('channels have no thresholds, everything else that is measured has', () => {
  expect(choices.some(({ metric }) => metric.startsWith('channel-'))).toBe(false);
  expect(choices).toContainEqual({ kind: 'switch', metric: 'cpu' });
});
