import { Anchor, Button, Drawer, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { CommandKind } from '../../main/contract/command-spec.ts';
import type { IncidentDetail, IncidentNote } from '../../main/contract/incidents.ts';
import { Exceeded } from '../device/Exceeded.tsx';
import { useDeviceHealth } from '../hub/devices.ts';
import { useWatch } from '../hub/EventsProvider.tsx';
import { useSession } from '../hub/session.tsx';
import { kindIcons } from '../ui/kind.tsx';
import screen from '../ui/screen.module.css';
import { ErrorState, Loading } from '../ui/states.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { useFormat } from '../ui/useFormat.ts';
import { useNow } from '../ui/useNow.ts';
import { IncidentActions } from './IncidentActions.tsx';
import { SeveritySign } from './IncidentRow.tsx';
import { downInDistrict, IncidentSpread } from './IncidentSpread.tsx';
import classes from './incidents.module.css';
import type { MuteMenuProps } from './MuteMenu.tsx';
import { useHandleIncident, useIncident } from './useIncidents.ts';
import { useIncidentText } from './useIncidentText.ts';

/** One incident: what happened, what it took down, and what may be done. */
export function IncidentDrawer({ incidentId, onClose }: { incidentId: string | null; onClose: () => void }) {
  const { t } = useTranslation(['incidents', 'common']);
  const found = useIncident(incidentId);
  const [choosing, setChoosing] = useState(false);
  return (
    <Drawer
      opened={incidentId !== null}
      onClose={onClose}
      closeOnEscape={!choosing}
      position="right"
      size="min(100vw, 560px)"
      title={t('one')}
      overlayProps={{ backgroundOpacity: 0.25 }}
      data-testid="incident-drawer"
    >
      {found.isPending ? (
        <Loading />
      ) : found.isError ? (
        <ErrorState error={found.error} retry={() => void found.refetch()} />
      ) : (
        <Whole incident={found.data} choosing={choosing} setChoosing={setChoosing} />
      )}
    </Drawer>
  );
}

/** Where the map shows it; null for what stands nowhere. */
function mapOf(subject: IncidentDetail['subject']): string | null {
  if (subject.kind === 'device') return `/map?device=${encodeURIComponent(subject.id)}`;
  if (subject.kind === 'area') return downInDistrict(subject.id);
  return subject.kind === 'city' ? '/map?status=offline' : null;
}

interface WholeProps extends Pick<MuteMenuProps, 'choosing' | 'setChoosing'> {
  incident: IncidentDetail;
}

function Whole({ incident, ...dialog }: WholeProps) {
  const { t } = useTranslation('incidents');
  const format = useFormat();
  const text = useIncidentText();
  const { subject } = incident;
  const reason = text.reason(incident);
  const onMap = mapOf(subject);
  return (
    <Stack>
      <Group gap={10} wrap="nowrap" align="flex-start">
        <SeveritySign severity={incident.severity} size={26} />
        <div>
          <Title order={2} size="h4" className={screen.wrap}>
            {text.subject(incident)}
          </Title>
          <Text size="sm">
            {t(`cause.${incident.cause}`)}
            {reason && ` · ${reason}`}
          </Text>
          {subject.kind === 'device' && (
            <Text size="sm" c="dimmed" className={screen.wrap}>
              {subject.address}
            </Text>
          )}
          <Text size="sm" c="dimmed" className="tabular">
            {t('since', { time: format.dateTime(incident.since) })}
            {incident.foundAtStart && ` · ${t('found-at-start')}`}
          </Text>
        </div>
      </Group>
      {incident.cause === 'degraded' && incident.clearedAt === null && subject.kind === 'device' && (
        <OutOfBounds deviceId={subject.id} />
      )}
      <IncidentActions incident={incident} {...dialog} />
      {onMap !== null && (
        <Anchor component={Link} size="sm" href={onMap}>
          {t('on-map')}
        </Anchor>
      )}
      {incident.affected.ever > 1 && <IncidentSpread incident={incident} />}
      <CommentForm incident={incident} />
      <History notes={incident.notes} />
      {incident.members.length > 1 && <Members incident={incident} />}
    </Stack>
  );
}

/** Which measurements are out of their bounds at this moment, and by how much. */
function OutOfBounds({ deviceId }: { deviceId: string }) {
  useWatch([deviceId]);
  const { data } = useDeviceHealth(deviceId);
  return data ? <Exceeded exceeded={data.exceeded} ssids={data.ssids} /> : null;
}

function CommentForm({ incident }: { incident: IncidentDetail }) {
  const { t } = useTranslation('incidents');
  const errorText = useErrorText();
  const { can } = useSession();
  const handle = useHandleIncident();
  const [text, setText] = useState('');
  const hidden = incident.subject.kind === 'upstream';
  if (!can('incident.handle') || hidden || incident.resolvedAt !== null) return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    handle.mutate(
      { incidentId: incident.id, action: 'comment', body: { text: text.trim() } },
      {
        onSuccess: () => setText(''),
        onError: (error) => notifications.show({ color: 'red', message: errorText(error) }),
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Textarea
        label={t('comment')}
        placeholder={t('comment-placeholder')}
        autosize
        minRows={2}
        maxLength={2_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-testid="incident-comment"
      />
      <Group justify="flex-end" mt={6}>
        <Button
          size="xs"
          variant="default"
          type="submit"
          loading={handle.isPending}
          disabled={text.trim() === ''}
        >
          {t('comment-add')}
        </Button>
      </Group>
    </form>
  );
}

function History({ notes }: { notes: readonly IncidentNote[] }) {
  const { t } = useTranslation(['incidents', 'commands']);
  const commandName = (text: string): string => {
    const kind = CommandKind.safeParse(text);
    return kind.success ? t(`commands:dialog.${kind.data}`) : text;
  };
  const format = useFormat();
  return (
    <section>
      <Text size="sm" fw={600} mb={4}>
        {t('history')}
      </Text>
      <ol className={classes.history}>
        {notes.map((note, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: notes are only ever added
          <li key={index}>
            <Text span size="xs" c="dimmed" className="tabular">
              {format.dateTime(note.at)}
            </Text>
            <span>
              <Text span size="sm">
                {t(`note.${note.kind}`)} · {note.person?.name ?? t('by-hub')}
              </Text>
              {note.text !== '' && note.kind !== 'absorbed' && (
                <Text size="sm" className={screen.wrap}>
                  {note.kind === 'commanded' ? commandName(note.text) : note.text}
                </Text>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Members({ incident }: { incident: IncidentDetail }) {
  const { t } = useTranslation('incidents');
  const format = useFormat();
  const now = useNow(10_000);
  return (
    <section>
      <Text size="sm" fw={600} mb={4}>
        {t('members')} · {t('affected', { count: incident.affected.ever })}
      </Text>
      <ul className={classes.members}>
        {incident.members.map(({ id, name, kind, since, until }) => {
          const Icon = kindIcons[kind];
          return (
            <li key={id} data-back={until !== null || undefined}>
              <Icon size={16} aria-hidden />
              <Anchor
                component={Link}
                size="sm"
                href={`/map?device=${encodeURIComponent(id)}`}
                className={screen.wrap}
              >
                {name}
              </Anchor>
              <Text span size="xs" c="dimmed" className="tabular">
                {t(until === null ? 'members-down' : 'members-was', {
                  duration: format.duration((until ?? now) - since),
                })}
              </Text>
            </li>
          );
        })}
      </ul>
      {incident.members.length < incident.affected.ever && (
        <Text size="xs" c="dimmed">
          {t('members-more', { count: incident.members.length })}
        </Text>
      )}
    </section>
  );
}
