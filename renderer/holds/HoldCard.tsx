import { Anchor, Badge, Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Hold } from '../../main/contract/holds.ts';
import { writeAddress } from '../archive/archive-address.ts';
import { useSession } from '../hub/session.tsx';
import screen from '../ui/screen.module.css';
import { useErrorText } from '../ui/useErrorText.ts';
import { useFormat } from '../ui/useFormat.ts';
import { useNow } from '../ui/useNow.ts';
import classes from './holds.module.css';
import { StretchText } from './StretchText.tsx';
import { useHoldChanges } from './useHolds.ts';

const DAY_MS = 86_400_000;
const COLORS = { requested: 'yellow', held: 'teal', ended: 'gray' } as const;

interface HoldCardProps {
  hold: Hold;
  nameOf: (cameraId: string) => string;
  onEnd: () => void;
  onProlong: () => void;
}

/** One kept stretch: what, until when, on whose word, and what may be done with it. */
export function HoldCard({ hold, nameOf, onEnd, onProlong }: HoldCardProps) {
  const { t } = useTranslation('holds');
  const format = useFormat();
  const { can } = useSession();
  const now = useNow(60_000);
  const soon = hold.state !== 'ended' && hold.keptUntil - now < DAY_MS;
  return (
    <article className={`${screen.row} ${classes.hold}`} data-state={hold.state} data-testid="hold">
      <div>
        <StretchText
          names={hold.cameraIds.map(nameOf)}
          hidden={hold.hiddenCameras}
          from={hold.from}
          to={hold.to}
        />
        <Text size="xs" c="dimmed">
          {format.duration(hold.to - hold.from)}
          {hold.state !== 'ended' && ` · ${format.bytes(hold.bytes)}`}
          {hold.state !== 'ended' && hold.to > now && ` · ${t('card.recording')}`}
        </Text>
      </div>
      <div>
        <Badge size="sm" variant="dot" color={COLORS[hold.state]} tt="none">
          {t(`state.${hold.state}`)}
        </Badge>
        {hold.endedAt === null ? (
          <Text size="sm" className="tabular" fw={soon ? 600 : undefined} mt={3}>
            {t('card.until', { time: format.minute(hold.keptUntil) })}
          </Text>
        ) : (
          <Text size="sm" className="tabular" mt={3}>
            {t(`card.over.${hold.endReason ?? 'ended'}`, { time: format.minute(hold.endedAt) })}
          </Text>
        )}
        {hold.state === 'requested' && (
          <Text size="xs" c="dimmed" className="tabular">
            {t('card.asked-until', { time: format.minute(hold.until) })}
          </Text>
        )}
        {hold.endNote && (
          <Text size="xs" c="dimmed" className={screen.wrap}>
            {hold.endedBy?.name}: {hold.endNote}
          </Text>
        )}
      </div>
      <div className={screen.wrap}>
        <Text size="sm">{hold.basis}</Text>
        <Text size="xs" c="dimmed">
          {hold.by.name} · {format.minute(hold.at)}
        </Text>
        {hold.approvedBy && hold.approvedAt !== null && (
          <Text size="xs" c="dimmed">
            {t('card.approved', { name: hold.approvedBy.name, time: format.minute(hold.approvedAt) })}
          </Text>
        )}
      </div>
      <div className={classes.acts}>
        {can('video.archive') && hold.cameraIds.length > 0 && hold.state !== 'ended' && (
          <Anchor
            component={Link}
            size="sm"
            href={writeAddress({ cameraIds: hold.cameraIds.slice(0, 9), at: hold.from })}
          >
            {t('card.open')}
          </Anchor>
        )}
        <Actions hold={hold} onEnd={onEnd} onProlong={onProlong} />
      </div>
    </article>
  );
}

function Actions({ hold, onEnd, onProlong }: Omit<HoldCardProps, 'nameOf'>) {
  const { t } = useTranslation('holds');
  const errorText = useErrorText();
  const { approve } = useHoldChanges();
  return (
    <Group gap={6} justify="flex-end">
      {hold.mayApprove && (
        <Button
          size="compact-sm"
          loading={approve.isPending}
          data-testid="hold-approve"
          onClick={() =>
            approve.mutate(hold.id, {
              onSuccess: () => notifications.show({ message: t('card.approve-done') }),
              onError: (error) => notifications.show({ color: 'red', message: errorText(error) }),
            })
          }
        >
          {t('card.approve')}
        </Button>
      )}
      {hold.mayProlong && (
        <Button size="compact-sm" variant="default" onClick={onProlong} data-testid="hold-prolong">
          {t('card.prolong')}
        </Button>
      )}
      {hold.mayEnd && (
        <Button size="compact-sm" variant="light" color="red" onClick={onEnd} data-testid="hold-end">
          {t(hold.state === 'held' ? 'card.end' : hold.mine ? 'card.withdraw' : 'card.decline')}
        </Button>
      )}
    </Group>
  );
}
