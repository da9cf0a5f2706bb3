import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Trouble } from '../../main/contract/trouble.ts';
import { useFormat } from './useFormat.ts';

/** The sentence for a person about what is wrong with a part of the hub, in the language shown. */
export function useTroubleText(): (trouble: Pick<Trouble, 'code' | 'params'>) => string {
  const { t } = useTranslation('troubles');
  const format = useFormat();
  return useCallback(
    ({ code, params }) => {
      const { at, ...rest } = params;
      return t(code, { ...rest, ...(typeof at === 'number' ? { at: format.minute(at) } : {}) });
    },
    [t, format],
  );
}
