import { Group, SegmentedControl, Text, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { LanguageSwitch } from '../ui/LanguageSwitch.tsx';
import { Section } from './Section.tsx';

const SCHEMES = ['dark', 'light', 'auto'] as const;
const isScheme = (value: string): value is (typeof SCHEMES)[number] =>
  SCHEMES.some((scheme) => scheme === value);

/** Language and theme, at once and remembered. */
export function LookSection() {
  const { t } = useTranslation(['settings', 'common']);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title={t('look')}>
      <Group justify="space-between">
        <Text size="sm">{t('common:language')}</Text>
        <LanguageSwitch size="sm" />
      </Group>
      <Group justify="space-between">
        <Text size="sm">{t('theme')}</Text>
        <SegmentedControl
          aria-label={t('theme')}
          data={SCHEMES.map((value) => ({ value, label: t(`themes.${value}`) }))}
          value={colorScheme}
          onChange={(value) => {
            if (isScheme(value)) setColorScheme(value);
          }}
        />
      </Group>
    </Section>
  );
}
