import { ActionIcon, Button, Group, Text, Tooltip } from '@mantine/core';
import {
  IconBookmark,
  IconBracketsContainEnd,
  IconBracketsContainStart,
  IconDownload,
  IconLock,
  IconX,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ExportDialog } from '../export/ExportDialog.tsx';
import { BookmarkDialog } from '../holds/BookmarkDialog.tsx';
import { HoldDialog } from '../holds/HoldDialog.tsx';
import { useSession } from '../hub/session.tsx';
import { useFormat } from '../ui/useFormat.ts';
import type { Marks } from './useMarks.ts';

interface RangeControlsProps {
  cameraIds: readonly string[];
  selected: string;
  /** UTC ms; null while nothing is shown. */
  position: number | null;
  marks: Marks;
  onMark: (end: 'in' | 'out') => void;
  onClear: () => void;
  /** Called before a dialog opens: what is looked at shall stay. */
  onPause: () => void;
}

/** With no range marked, this much around the moment is offered, ms. */
const AROUND_MS = 30_000;

/** Marks a range and hands it to export and to holds; bookmarks the moment. */
export function RangeControls(props: RangeControlsProps) {
  const { cameraIds, selected, position, marks, onMark, onClear } = props;
  const { t } = useTranslation('archive');
  const { can } = useSession();
  const format = useFormat();
  const [open, setOpen] = useState<{ what: 'export' | 'hold' | 'bookmark'; from: number; to: number } | null>(
    null,
  );
  const show = (what: 'export' | 'hold' | 'bookmark') => {
    if (position === null) return;
    props.onPause();
    const from = marks.from ?? (marks.to ?? position) - AROUND_MS;
    const to = marks.to ?? (marks.from ?? position) + AROUND_MS;
    const at = { from: Math.round(from), to: Math.round(to) };
    setOpen({ what, ...(what === 'bookmark' ? { from: Math.round(position), to: at.to } : at) });
  };
  const close = () => setOpen(null);
  const marked = marks.from !== null || marks.to !== null;
  const length = marks.from !== null && marks.to !== null ? marks.to - marks.from : null;
  const icon = (label: string, Icon: typeof IconX, onClick: () => void, testId: string) => (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size={30}
        aria-label={label}
        onClick={onClick}
        disabled={position === null}
        data-testid={testId}
      >
        <Icon size={17} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
  return (
    <Group gap={6} wrap="wrap" role="group" aria-label={t('range')}>
      {icon(t('mark-in'), IconBracketsContainStart, () => onMark('in'), 'mark-in')}
      {icon(t('mark-out'), IconBracketsContainEnd, () => onMark('out'), 'mark-out')}
      {marked && (
        <>
          <Text size="xs" className="tabular" data-testid="marked">
            {marks.from === null ? '…' : format.time(marks.from)} –{' '}
            {marks.to === null ? '…' : format.time(marks.to)}
            {length !== null && ` · ${format.duration(length)}`}
          </Text>
          {icon(t('mark-clear'), IconX, onClear, 'mark-clear')}
        </>
      )}
      {can('video.export') && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => show('export')}
          disabled={position === null}
          data-testid="export"
        >
          {t('export')}
        </Button>
      )}
      {can('video.archive') && (
        <>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconLock size={16} aria-hidden />}
            onClick={() => show('hold')}
            disabled={position === null}
            data-testid="hold"
          >
            {t('hold')}
          </Button>
          {icon(t('bookmark'), IconBookmark, () => show('bookmark'), 'bookmark')}
        </>
      )}
      {open?.what === 'export' && (
        <ExportDialog cameraIds={[...cameraIds]} from={open.from} to={open.to} onClose={close} />
      )}
      {open?.what === 'hold' && (
        <HoldDialog cameraIds={[...cameraIds]} from={open.from} to={open.to} onClose={close} />
      )}
      {open?.what === 'bookmark' && <BookmarkDialog cameraId={selected} at={open.from} onClose={close} />}
    </Group>
  );
}
