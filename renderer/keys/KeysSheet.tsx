import { Kbd, Modal, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { KEY_HELP, type KeySection } from './key-help.ts';

interface KeysSheetProps {
  sections: readonly KeySection[];
  onClose: () => void;
}

/** All that can be done here without a mouse. */
export function KeysSheet({ sections, onClose }: KeysSheetProps) {
  const { t } = useTranslation('keys');
  return (
    <Modal opened onClose={onClose} title={t('title')} size="lg" data-testid="keys">
      {sections.map((section) => (
        <section key={section}>
          <Title order={3} size="h4" mt="sm" mb={4}>
            {t(`${section}.title`)}
          </Title>
          <Table>
            <Table.Tbody>
              {KEY_HELP[section].map(([name, keys]) => (
                <Table.Tr key={name}>
                  <Table.Td w={210}>
                    {keys.map((key) => (
                      <Kbd key={key} mr={4}>
                        {key === '␣' ? t('space') : key}
                      </Kbd>
                    ))}
                  </Table.Td>
                  <Table.Td>{t(name)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      ))}
      <Text size="xs" c="dimmed" mt="sm">
        {t('letters')}
      </Text>
    </Modal>
  );
}
