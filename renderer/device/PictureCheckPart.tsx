import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconEyeExclamation, IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Device } from '../../main/contract/device.ts';
import type { PictureFinding } from '../../main/contract/pictures.ts';
import { usePictureCheck } from '../hub/pictures.ts';
import { useSession } from '../hub/session.tsx';
import { Ago } from '../ui/DateTime.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { AcceptViewDialog } from './AcceptViewDialog.tsx';
import { Facts } from './Facts.tsx';
import { PictureThumbnail } from './PictureThumbnail.tsx';

/** What the hub sees in a camera's pictures: loud when something is wrong, one line when all is well. */
export function PictureCheckPart({ device }: { device: Device }) {
  const { t } = useTranslation('pictures');
  const format = useFormat();
  const { data } = usePictureCheck(device.id, device.hasStream);
  if (!data || (data.checkedAt === null && data.finding === null)) return null;
  if (data.finding) return <Finding device={device} finding={data.finding} />;
  return (
    <Facts
      title={t('title')}
      facts={[
        {
          name: t('state'),
          value: data.learned < 1 ? t('learning', { percent: format.number(data.learned * 100) }) : t('fine'),
        },
        { name: t('checked'), value: data.checkedAt !== null && <Ago at={data.checkedAt} /> },
      ]}
    />
  );
}

function Finding({ device, finding }: { device: Device; finding: PictureFinding }) {
  const { t } = useTranslation('pictures');
  const format = useFormat();
  const { can } = useSession();
  const [shown, setShown] = useState(false);
  const [accepting, setAccepting] = useState(false);
  const { problem, since, goodAt, thumbnailAt } = finding;
  const mayLook = can('video.archive') && (can('video.snapshot') || can('video.live'));
  return (
    <Alert color="orange" icon={<IconEyeExclamation size={18} />} p="xs" title={t(`problems.${problem}`)}>
      <Stack gap="xs">
        <Text size="sm">
          {t('since', { time: format.dateTime(since) })}
          {goodAt !== null && ` ${t('good-at', { time: format.dateTime(goodAt) })}`}
        </Text>
        <ShiftText finding={finding} />
        {shown && thumbnailAt !== null && (
          <PictureThumbnail cameraId={device.id} name={device.name} at={thumbnailAt} />
        )}
        <Group gap={6}>
          {mayLook && thumbnailAt !== null && (
            <Button size="xs" variant="default" onClick={() => setShown(!shown)}>
              {shown ? t('hide') : t('show')}
            </Button>
          )}
          {can('video.archive') && goodAt !== null && (
            <Button
              component={Link}
              href={`/archive?camera=${encodeURIComponent(device.id)}&at=${goodAt}`}
              size="xs"
              variant="default"
              leftSection={<IconHistory size={15} aria-hidden />}
            >
              {t('before')}
            </Button>
          )}
          {can('device.edit') && (problem === 'moved' || problem === 'blurred') && (
            <Button size="xs" variant="default" onClick={() => setAccepting(true)}>
              {t('accept')}
            </Button>
          )}
        </Group>
      </Stack>
      {accepting && <AcceptViewDialog device={device} onClose={() => setAccepting(false)} />}
    </Alert>
  );
}

function ShiftText({ finding: { shift } }: { finding: PictureFinding }) {
  const { t } = useTranslation('pictures');
  if (!shift || (shift.rightPct === 0 && shift.downPct === 0)) return null;
  const { rightPct, downPct } = shift;
  const where = [
    rightPct !== 0 && t(rightPct > 0 ? 'right' : 'left', { pct: Math.abs(rightPct) }),
    downPct !== 0 && t(downPct > 0 ? 'down' : 'up', { pct: Math.abs(downPct) }),
  ].filter((part) => part !== false);
  return <Text size="sm">{t('shift', { where: where.join(', ') })}</Text>;
}
