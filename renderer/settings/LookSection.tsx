import { Group, SegmentedControl, Text, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { signsSideOf, signsSides, useSignsSide } from '../player/useSignsSide.ts';
import { LanguageSwitch } from '../ui/LanguageSwitch.tsx';
import { Section } from './Section.tsx';

const SCHEMES = ['dark', 'light', 'auto'] as const;
const isScheme = (value: string): value is (typeof SCHEMES)[number] =>
  SCHEMES.some((scheme) => scheme === value);

/** Language, theme and what stands where on video: at once and remembered. */
export function LookSection() {
  const { t } = useTranslation(['settings', 'common']);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [side, setSide] = useSignsSide();
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
      <Group justify="space-between">
        <div style={{ flex: '1 1 220px' }}>
          <Text size="sm">{t('signs')}</Text>
          <Text size="xs" c="dimmed">
            {t('signs-hint')}
          </Text>
        </div>
        <SegmentedControl
          aria-label={t('signs')}
          data={signsSides.map((value) => ({ value, label: t(`signs-sides.${value}`) }))}
          value={side}
          onChange={(value) => setSide(signsSideOf(value))}
        />
      </Group>
    </Section>
  );
}
