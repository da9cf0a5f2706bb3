import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconBookmark, IconDownload, IconLock, type TablerIcon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Action } from '../../main/contract/access.ts';
import { useSession } from '../hub/session.tsx';
import type { RangeAct } from './useRangeDialog.tsx';

const ACTS: readonly { act: RangeAct; needs: Action; icon: TablerIcon; plain?: true }[] = [
  { act: 'export', needs: 'video.export', icon: IconDownload },
  { act: 'hold', needs: 'video.archive', icon: IconLock },
  { act: 'bookmark', needs: 'video.archive', icon: IconBookmark, plain: true },
];

interface RangeActionsProps {
  /** Null while nothing is shown. */
  show: ((what: RangeAct) => void) | null;
  /** One under the other, as wide as the sheet. */
  stacked?: boolean;
}

/** Hands the range to export and to holds, and bookmarks the moment: only what the person may. */
export function RangeActions({ show, stacked = false }: RangeActionsProps) {
  const { t } = useTranslation('archive');
  const { can } = useSession();
  return ACTS.filter(({ needs }) => can(needs)).map(({ act, icon: Icon, plain }) => {
    const label = t(act);
    const does = {
      onClick: () => show?.(act),
      disabled: show === null,
      'data-testid': act,
    };
    return plain && !stacked ? (
      <Tooltip key={act} label={label}>
        <ActionIcon variant="default" size={30} aria-label={label} {...does}>
          <Icon size={17} aria-hidden />
        </ActionIcon>
      </Tooltip>
    ) : (
      <Button
        key={act}
        size={stacked ? 'md' : 'compact-sm'}
        fullWidth={stacked}
        justify={stacked ? 'flex-start' : 'center'}
        variant="default"
        leftSection={<Icon size={16} aria-hidden />}
        {...does}
      >
        {label}
      </Button>
    );
  });
}
