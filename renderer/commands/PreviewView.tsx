import { Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconBan, IconPlayerPlay, IconUsersMinus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandPreview, PreviewDevice, SkipReason } from '../../main/contract/command-preview.ts';
import { useFormat } from '../ui/useFormat.ts';
import { BusyWith } from './BusyWith.tsx';
import classes from './commands.module.css';
import { useCommandWords } from './useCommandWords.ts';

/** Names of left-out devices shown before the list is opened. */
const NAMED = 3;

/** What will happen, said before it does: where, to how many people, and where not and why. */
export function PreviewView({ preview }: { preview: CommandPreview }) {
  const { t } = useTranslation('commands');
  const format = useFormat();
  const words = useCommandWords();
  const { devices, willRun, stages } = preview;
  const single = devices.length === 1 ? devices[0] : undefined;
  const now = single && single.skip === null ? words.shown(single.now) : '';
  const warnings = [...new Set([...preview.warnings, ...devices.flatMap((device) => device.warnings)])]
    // Said with their numbers already.
    .filter((warning) => warning !== 'cuts-clients' && warning !== 'cuts-children');
  return (
    <Stack gap={8} data-testid="command-preview" data-will-run={willRun}>
      {!(single && single.skip !== null) && (
        <Line icon={<IconPlayerPlay size={17} />} grade={willRun === 0 ? 'bad' : 'good'}>
          <b>
            {willRun === 0
              ? t('preview.none')
              : single
                ? t('preview.will-one')
                : t('preview.will', {
                    count: willRun,
                    shown: format.number(willRun),
                    all: format.number(devices.length),
                  })}
          </b>
          {single?.via && `, ${t('preview.via', { name: single.via.name, port: single.via.port })}`}
          {now && `; ${t('preview.now', { what: now })}`}
        </Line>
      )}
      {willRun > 0 && (
        <Line icon={<IconUsersMinus size={17} />} grade={cutsPeople(preview) ? 'warn' : 'calm'}>
          {preview.clients > 0
            ? t('preview.clients', { count: preview.clients, shown: format.number(preview.clients) })
            : t(cutsPeople(preview) ? 'preview.clients-unknown' : 'preview.no-clients')}
          {preview.children > 0 &&
            `. ${t('preview.children', { count: preview.children, shown: format.number(preview.children) })}`}
        </Line>
      )}
      {warnings.map((warning) => (
        <Line key={warning} icon={<IconAlertTriangle size={17} />} grade="warn">
          {t(`warning.${warning}`)}
        </Line>
      ))}
      {willRun > 1 && (
        <Text size="sm" c="dimmed">
          {t('preview.stages', { stages: stages.map((size) => format.number(size)).join(' + ') })}
        </Text>
      )}
      <Skipped devices={devices} />
    </Stack>
  );
}

/** Also where the number is not known. */
const cutsPeople = ({ clients, devices }: CommandPreview): boolean =>
  clients > 0 || devices.some((device) => device.skip === null && device.clients === null);

function Skipped({ devices }: { devices: readonly PreviewDevice[] }) {
  const { t } = useTranslation('commands');
  const format = useFormat();
  const [only] = devices;
  const byReason = new Map<SkipReason, PreviewDevice[]>();
  for (const device of devices) {
    if (device.skip === null) continue;
    const same = byReason.get(device.skip);
    if (same) same.push(device);
    else byReason.set(device.skip, [device]);
  }
  if (byReason.size === 0) return null;
  const count = devices.filter(({ skip }) => skip !== null).length;
  if (devices.length === 1 && only?.skip)
    return (
      <Line icon={<IconBan size={17} />} grade="bad">
        <b>{t('preview.none')}</b>:{' '}
        {only.busyWith ? <BusyWith busyWith={only.busyWith} /> : t(`skip.${only.skip}`)}
      </Line>
    );
  return (
    <div data-testid="command-skipped">
      <Line icon={<IconBan size={17} />} grade="warn">
        {t('preview.skipped', { count, shown: format.number(count) })}
      </Line>
      <ul className={classes.skipped}>
        {[...byReason].map(([reason, skipped]) => (
          <li key={reason}>
            <details>
              <summary>
                {t(`skip.${reason}`)}: {format.number(skipped.length)}
                {skipped.length <= NAMED && ` (${skipped.map(({ name, id }) => name || id).join('; ')})`}
              </summary>
              {skipped.map(({ id, name, busyWith }) => (
                <div key={id}>
                  {name || id}
                  {busyWith && (
                    <>
                      : <BusyWith busyWith={busyWith} />
                    </>
                  )}
                </div>
              ))}
            </details>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface LineProps {
  icon: ReactNode;
  grade: 'good' | 'calm' | 'warn' | 'bad';
  children: ReactNode;
}

function Line({ icon, grade, children }: LineProps) {
  return (
    <div className={classes.line} data-grade={grade}>
      <span aria-hidden>{icon}</span>
      <Text size="sm">{children}</Text>
    </div>
  );
}
