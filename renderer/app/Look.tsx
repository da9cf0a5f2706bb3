import { localStorageColorSchemeManager, MantineProvider, mergeThemeOverrides } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CalendarLanguage } from '../time/CalendarLanguage.tsx';
import { cssVariables, theme } from './theme.ts';

/** The theme, with the words that its parts need read aloud in the language shown. */
export function Look({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const close = t('close');
  const reveal = t('reveal-password');
  const spoken = useMemo(
    () =>
      mergeThemeOverrides(theme, {
        components: {
          CloseButton: { defaultProps: { 'aria-label': close } },
          PasswordInput: { defaultProps: { visibilityToggleButtonProps: { 'aria-label': reveal } } },
        },
      }),
    [close, reveal],
  );
  const [colorSchemes] = useState(() => localStorageColorSchemeManager({ key: 'kalancha.theme' }));
  return (
    <MantineProvider
      theme={spoken}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="dark"
      colorSchemeManager={colorSchemes}
    >
      <CalendarLanguage>{children}</CalendarLanguage>
    </MantineProvider>
  );
}
