import { ActionIcon, Button, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconArrowRight, IconClockSearch } from '@tabler/icons-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { offsetLabel, parseCityTime, type TypedTime } from '../time/city-time.ts';
import type { CityZone } from '../time/city-zone.ts';
import { useFormat } from '../ui/useFormat.ts';

interface TimeFieldProps {
  zone: CityZone;
  /** Where the person looks now, UTC ms: the day that a time alone is meant for. */
  lookingAt: number;
  now: () => number;
  onGo: (utc: number) => void;
}

type Question = Extract<TypedTime, { kind: 'twice' | 'never' }>;

/** A time typed as people write it. What it means is shown before one goes there; what could mean two is asked. */
export function TimeField({ zone, lookingAt, now, onGo }: TimeFieldProps) {
  const { t } = useTranslation(['archive', 'common']);
  const format = useFormat();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const [question, setQuestion] = useState<Question | null>(null);
  const typed = parseCityTime(text, { zone, now: now(), lookingAt });

  const go = (utc: number) => {
    setQuestion(null);
    setText('');
    setTried(false);
    // The keys of the player work again at once.
    field.current?.blur();
    onGo(utc);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (typed.kind === 'one') go(typed.utc);
    else if (typed.kind !== 'invalid') setQuestion(typed);
  };
  const meaning =
    typed.kind === 'one'
      ? format.dateTime(typed.utc)
      : typed.kind === 'twice' || typed.kind === 'never'
        ? t(typed.kind)
        : undefined;
  const error = tried && typed.kind === 'invalid' ? t(`typed.${typed.reason}`) : undefined;
  return (
    <form onSubmit={submit} style={{ flex: '1 1 190px', minWidth: 170, maxWidth: 340 }}>
      <TextInput
        ref={field}
        label={t('time')}
        placeholder={t('time-placeholder')}
        description={text === '' ? undefined : meaning}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        error={error}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setTried(false);
        }}
        title={t('time-hint')}
        autoComplete="off"
        spellCheck={false}
        data-testid="typed-time"
        leftSection={<IconClockSearch size={16} aria-hidden />}
        rightSection={
          <ActionIcon type="submit" variant="subtle" aria-label={t('go')}>
            <IconArrowRight size={16} />
          </ActionIcon>
        }
      />
      <Modal
        opened={question !== null}
        onClose={() => setQuestion(null)}
        title={question ? t(question.kind) : ''}
        data-testid="ask-time"
      >
        {question && (
          <Stack gap="sm">
            <Text size="sm">{t(`${question.kind}-do`)}</Text>
            {question.choices.map((utc, i) => (
              <Button key={utc} variant="default" justify="space-between" onClick={() => go(utc)}>
                {format.dateTime(utc)} · {offsetLabel(zone.offsetAt(utc))} ·{' '}
                {t(i === 0 ? 'ask-earlier' : 'ask-later')}
              </Button>
            ))}
          </Stack>
        )}
      </Modal>
    </form>
  );
}
