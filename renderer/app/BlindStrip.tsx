import { Text, Tooltip } from '@mantine/core';
import { IconEye, IconEyeOff, IconPointFilled } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiskBrief } from '../../main/contract/recording.ts';
import { useLinkState } from '../hub/EventsProvider.tsx';
import { useMonitoring } from '../hub/monitoring.ts';
import { useBlindness } from '../hub/useBlindness.ts';
import { diskAdvice } from '../settings/disk-advice.ts';
import { useFormat } from '../ui/useFormat.ts';
import { useNow } from '../ui/useNow.ts';
import { useTroubleText } from '../ui/useTroubleText.ts';
import classes from './blind-strip.module.css';

interface PartProps {
  state: 'good' | 'bad' | 'unknown';
  label: string;
  detail?: string | null;
  children: ReactNode;
}

/** One thing that seeing depends on. The word differs with the state, not the colour alone. */
function Part({ state, label, detail, children }: PartProps) {
  return (
    <Tooltip label={detail ?? ''} disabled={!detail} multiline maw={420}>
      <span className={classes.part} data-state={state}>
        <IconPointFilled size={12} aria-hidden />
        <Text span inherit c="dimmed">
          {label}
        </Text>
        <Text span inherit className="tabular">
          {children}
        </Text>
      </span>
    </Tooltip>
  );
}

/**
 * Are we blind, or are they down? Without the hub nothing else is claimed.
 * @param children what stands behind it where there is no header
 */
export function BlindStrip({ children }: { children?: ReactNode }) {
  const { t } = useTranslation(['common', 'disks']);
  const format = useFormat();
  const troubleText = useTroubleText();
  const link = useLinkState();
  const { data } = useMonitoring();
  const now = useNow(1000);
  const lostMs = performance.now() - link.since;
  const known = link.connected ? (data ?? null) : null;
  const { blind, settling } = useBlindness();
  const adviceOf = (disk: DiskBrief) => {
    const advice = diskAdvice(disk);
    return advice === null ? null : t(`disks:todo.${advice}`);
  };
  const since = (at: number) => t('blind.since', { time: format.time(at), ago: format.duration(now - at) });

  return (
    <section className={classes.strip} aria-label={t('blind.title')} data-blind={blind ?? undefined}>
      <span className={classes.verdict} role="status">
        {blind ? <IconEyeOff size={16} aria-hidden /> : <IconEye size={16} aria-hidden />}
        <Text span inherit fw={600}>
          {settling
            ? t('blind.connecting')
            : blind
              ? blind === 'disk'
                ? t('disks:verdict')
                : t(`blind.verdict.${blind}`)
              : t('blind.verdict.seeing')}
        </Text>
      </span>
      <Part state={link.connected ? 'good' : 'bad'} label={t('blind.hub')}>
        {link.connected ? t('blind.connected') : t('blind.lost', { ago: format.duration(lostMs) })}
      </Part>
      {known ? (
        <>
          <Part
            state={known.broker.downSince === null && known.broker.error === null ? 'good' : 'bad'}
            label={t('blind.broker')}
            detail={known.broker.error ? troubleText(known.broker.error) : known.broker.address}
          >
            {known.broker.downSince === null
              ? t(known.broker.error === null ? 'blind.rate' : 'blind.broker-trouble', {
                  rate: format.number(known.messagesPerSecond, 1),
                })
              : t('blind.down', { since: since(known.broker.downSince) })}
          </Part>
          {known.ingestStalledSince !== null && (
            <Part state="bad" label={t('blind.ingest')}>
              {t('blind.stalled', { since: since(known.ingestStalledSince) })}
            </Part>
          )}
          <Part
            state={known.recorder.failingSince === null ? 'good' : 'bad'}
            label={t('blind.recorder')}
            detail={
              known.recorder.error
                ? troubleText(known.recorder.error)
                : known.recorder.freeBytes === null
                  ? null
                  : t('blind.free', { bytes: format.bytes(known.recorder.freeBytes) })
            }
          >
            {known.recorder.failingSince === null
              ? t('blind.recording', {
                  recording: format.number(known.recorder.recording),
                  cameras: format.number(known.recorder.cameras),
                })
              : t('blind.failing', { since: since(known.recorder.failingSince) })}
          </Part>
          {known.recorder.disks.map((disk) =>
            disk.state === 'in-use' ? null : (
              <Part
                key={disk.place}
                state="bad"
                label={t('disks:strip', { place: disk.place })}
                detail={adviceOf(disk)}
              >
                {t('disks:strip-since', {
                  state: t(`disks:state.${disk.state}`),
                  time: format.time(disk.since),
                })}
              </Part>
            ),
          )}
          {known.history.failingSince !== null && (
            <Part
              state="bad"
              label={t('blind.history')}
              detail={[
                t(known.history.lostBatches > 0 ? 'blind.history-lost' : 'blind.history-waits'),
                known.history.error === null ? '' : troubleText(known.history.error),
              ].join(' ')}
            >
              {t('blind.not-stored', { since: since(known.history.failingSince) })}
            </Part>
          )}
          <Part state={known.clockJumpedAt === null ? 'good' : 'bad'} label={t('blind.clock')}>
            {known.clockJumpedAt === null
              ? t('blind.steady')
              : t('blind.jumped', { time: format.time(known.clockJumpedAt) })}
          </Part>
        </>
      ) : (
        !settling && (
          <Part state="unknown" label={t('blind.rest')}>
            {t('unknown')}
          </Part>
        )
      )}
      {children}
    </section>
  );
}
