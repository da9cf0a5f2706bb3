import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { HubError } from '../hub/errors.ts';
import { useErrorText } from '../ui/useErrorText.ts';
import type { LiveFailure } from './live-session.ts';

/** A failure in words: what happened and what to do. */
export function useFailureText(): (
  failure: LiveFailure,
  place: 'live' | 'archive',
) => { title: string; hint: string } {
  const { t } = useTranslation(['player', 'common']);
  const errorText = useErrorText();
  return useCallback(
    (failure, place) => {
      switch (failure.kind) {
        case 'refused':
          if (failure.reason === 'archive-depth')
            return { title: t('refused-depth'), hint: t('refused-depth-do') };
          if (failure.reason === 'out-of-hours')
            return { title: t('refused-hours'), hint: t('refused-hours-do') };
          return {
            title: t(place === 'live' ? 'refused-live' : 'refused-archive'),
            hint: t('refused-live-do'),
          };
        case 'no-stream':
          return place === 'live'
            ? { title: t('no-stream'), hint: t('no-stream-do') }
            : { title: t('no-footage'), hint: '' };
        case 'starting':
          return { title: t('starting'), hint: '' };
        case 'signed-out':
          return { title: t('signed-out'), hint: '' };
        case 'stream':
          return { title: t('problem'), hint: t(`common:stream.${failure.code}`) };
        case 'hub':
          return {
            title: t('problem'),
            hint: errorText(new HubError(failure.code, 500, failure.code, { ...failure.params })),
          };
        case 'network':
          return { title: t('problem'), hint: t(place === 'live' ? 'network' : 'network-archive') };
        case 'browser':
          return { title: t('problem'), hint: t(failure.code) };
      }
    },
    [t, errorText],
  );
}
