import { Button, Menu, Modal, Stack, Text } from '@mantine/core';
import { IconBellOff } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../hub/session.tsx';
import { cityField } from '../time/city-moment.ts';
import { cityZone } from '../time/city-zone.ts';
import { MomentField } from '../time/MomentField.tsx';
import { DialogEnd } from '../ui/DialogEnd.tsx';
import { useNow } from '../ui/useNow.ts';
import { LONGEST_MUTE_MS, nextShiftChanges, readMuteUntil } from './mute-until.ts';

const HOURS = [1, 4, 24, 168] as const;
const HOUR_MS = 3_600_000;

export interface MuteMenuProps {
  /** Takes UTC ms. */
  onMute: (until: number) => void;
  /** Whether a moment is being chosen in a dialog: what lies below must not take its Escape key. */
  choosing: boolean;
  setChoosing: (choosing: boolean) => void;
}

/** Mutes for a span, until the next shift, or until a moment of one's own. */
export function MuteMenu({ onMute, choosing, setChoosing }: MuteMenuProps) {
  const { t } = useTranslation('incidents');
  const { timeZone } = useSession().city;
  const now = useNow(30_000);
  const zone = cityZone(timeZone);
  const shifts = nextShiftChanges(now, zone);
  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconBellOff size={15} aria-hidden />}
            data-testid="incident-mute"
          >
            {t('mute')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {shifts.map((until) => (
            <Menu.Item key={until} onClick={() => onMute(until)}>
              {t('mute-until', { time: cityField(until, zone).slice(-5) })}
            </Menu.Item>
          ))}
          <Menu.Divider />
          {HOURS.map((hours) => (
            <Menu.Item
              key={hours}
              onClick={() => onMute(Date.now() + Math.min(hours * HOUR_MS, LONGEST_MUTE_MS))}
            >
              {t(`mute-for.${hours}`)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setChoosing(true)}>{t('mute-other')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {choosing && (
        <MuteDialog
          first={cityField(shifts[0] ?? now + HOUR_MS, zone)}
          read={(text) => readMuteUntil(text, Date.now(), zone)}
          onMute={(until) => {
            setChoosing(false);
            onMute(until);
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </>
  );
}

interface MuteDialogProps {
  first: string;
  read: (text: string) => ReturnType<typeof readMuteUntil>;
  onMute: (until: number) => void;
  onClose: () => void;
}

function MuteDialog({ first, read, onMute, onClose }: MuteDialogProps) {
  const { t } = useTranslation('incidents');
  const [text, setText] = useState(first);
  const [tried, setTried] = useState(false);
  const answer = read(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if ('until' in answer) onMute(answer.until);
  };
  return (
    <Modal opened onClose={onClose} title={t('mute-title')} size="sm">
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text size="sm">{t('mute-does')}</Text>
          <MomentField
            label={t('mute-moment')}
            value={text}
            onChange={setText}
            dayMeans="08:00"
            error={tried && 'problem' in answer ? t(`mute-problem.${answer.problem}`) : undefined}
          />
          <DialogEnd error={null} onClose={onClose}>
            <Button type="submit" data-testid="incident-mute-confirm">
              {t('mute')}
            </Button>
          </DialogEnd>
        </Stack>
      </form>
    </Modal>
  );
}
