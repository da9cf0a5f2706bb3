import { Alert, Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from './useErrorText.ts';

interface DialogEndProps {
  /** What the hub answered to the last try; null while nothing went wrong. */
  error: unknown;
  onClose: () => void;
  /** Where the focus begins: on the way back, when going on cannot be undone. */
  focusCancel?: boolean;
  /** The button that goes on. */
  children: ReactNode;
}

/** The end of a dialog: what went wrong, the way back, the way on. */
export function DialogEnd({ error, onClose, focusCancel = false, children }: DialogEndProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  return (
    <>
      {error !== null && (
        <Alert color="red" role="alert">
          {errorText(error)}
        </Alert>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose} data-autofocus={focusCancel || undefined}>
          {t('cancel')}
        </Button>
        {children}
      </Group>
    </>
  );
}
