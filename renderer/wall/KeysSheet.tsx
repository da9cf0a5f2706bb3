import { Kbd, Modal, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Keys of the wall, by what they do (`wall:keys.<name>`). */
const KEYS = [
  ['go', ['← ↑ → ↓']],
  ['enlarge', ['Enter']],
  ['back', ['Esc']],
  ['clear', ['Delete']],
  ['layouts', ['1', '2', '3', '4', '5']],
  ['free', ['0']],
  ['page', ['Page Up', 'Page Down']],
  ['pause', ['␣']],
  ['fullscreen', ['F']],
  ['cameras', ['C']],
  ['move', ['Ctrl + ← ↑ → ↓']],
  ['resize', ['Shift + ← ↑ → ↓']],
  ['save', ['Ctrl + S']],
  ['palette', ['Ctrl + K']],
  ['help', ['?']],
] as const;

/** All that the wall does without a mouse. */
export function KeysSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('wall');
  return (
    <Modal opened onClose={onClose} title={t('keys.title')} size="lg">
      <Table>
        <Table.Tbody>
          {KEYS.map(([name, keys]) => (
            <Table.Tr key={name}>
              <Table.Td w={210}>
                {keys.map((key) => (
                  <Kbd key={key} mr={4}>
                    {key === '␣' ? t('keys.space') : key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{t(`keys.${name}`)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" mt="sm">
        {t('keys.mouse')}
      </Text>
    </Modal>
  );
}
