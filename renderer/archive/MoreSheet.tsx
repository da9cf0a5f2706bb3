import { ActionIcon, Drawer, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { RangeActions } from './RangeActions.tsx';
import type { RangeAct } from './useRangeDialog.tsx';

interface MoreSheetProps {
  show: ((what: RangeAct) => void) | null;
  /** What changes the timeline's scale. */
  scale: ReactNode;
  /** What opens the camera's bookmarks. */
  bookmarks: ReactNode;
}

/** On a phone: what is needed now and then, a thumb away, so that picture and timeline keep the room. */
export function MoreSheet({ show, scale, bookmarks }: MoreSheetProps) {
  const { t } = useTranslation(['archive', 'common']);
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <ActionIcon
        variant="default"
        size={34}
        aria-label={t('common:more')}
        aria-haspopup="dialog"
        onClick={open}
        data-testid="archive-more"
      >
        <IconDots size={18} aria-hidden />
      </ActionIcon>
      <Drawer
        opened={opened}
        onClose={close}
        position="bottom"
        styles={{ content: { height: 'auto', flexBasis: '100%', alignSelf: 'flex-end' } }}
        title={t('more-title')}
        overlayProps={{ backgroundOpacity: 0.25 }}
      >
        <Stack gap="sm">
          <RangeActions
            stacked
            show={
              show &&
              ((what) => {
                close();
                show(what);
              })
            }
          />
          {bookmarks}
          <Text size="sm" fw={500}>
            {t('span')}
          </Text>
          {scale}
        </Stack>
      </Drawer>
    </>
  );
}
