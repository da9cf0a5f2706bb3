import { SegmentedControl, type SegmentedControlProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isLanguage } from '../i18n/i18n.ts';
import { useLanguage } from '../i18n/useLanguage.ts';

/** Each language is named in itself: whoever reads none of the other finds his own. */
export function LanguageSwitch(props: Omit<SegmentedControlProps, 'data' | 'value' | 'onChange'>) {
  const { t } = useTranslation();
  const { language, change } = useLanguage();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('language')}
      {...props}
      data={[
        { value: 'ru', label: 'Русский' },
        { value: 'en', label: 'English' },
      ]}
      value={language}
      onChange={(value) => {
        if (isLanguage(value)) change(value);
      }}
    />
  );
}
