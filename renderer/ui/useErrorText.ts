import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { HubError } from '../hub/errors.ts';
import { resources } from '../i18n/resources.ts';

type ErrorKey = keyof (typeof resources)['ru']['errors'];
const isErrorKey = (code: string): code is ErrorKey => Object.hasOwn(resources.ru.errors, code);

/** The sentence for a person about anything that went wrong. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation('errors');
  return useCallback(
    (error) => {
      if (error instanceof HubError)
        // The hub's own English sentence is better than nothing for a code of a newer hub.
        return isErrorKey(error.code) ? t(error.code, { ...error.params }) : error.message;
      return t('console-failed', { why: error instanceof Error ? error.message : String(error) });
    },
    [t],
  );
}
