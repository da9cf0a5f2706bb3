import { Alert, Anchor, Button, Checkbox, Group, Loader, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { CommandPreview } from '../../main/contract/command-preview.ts';
import type { CommandKind } from '../../main/contract/command-spec.ts';
import { ErrorState } from '../ui/states.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { CommandFields } from './CommandFields.tsx';
import {
  type Draft,
  draftOf,
  type KnownRadio,
  needsTyping,
  powerCycleMayHelp,
  specOf,
} from './command-draft.ts';
import classes from './commands.module.css';
import { PowerCycleInstead } from './PowerCycleInstead.tsx';
import { PreviewView } from './PreviewView.tsx';
import { RunView } from './RunView.tsx';
import { runPagePath } from './run-address.ts';
import { usePreview, useStartRun } from './useCommands.ts';

/** Asking the hub what would happen waits for a pause in typing, ms. */
const SETTLED_MS = 300;

interface CommandDialogProps {
  /** What the dialog opens with. */
  first: Draft;
  devices: readonly { id: string; name: string }[];
  /** Networks known there. */
  ssids: readonly string[];
  /** What the radios there are like. */
  radios: readonly KnownRadio[];
  onClose: () => void;
}

/** One command from the first field to its last confirmation: what, what will happen, do it, how it goes. */
export function CommandDialog({ first, devices, ssids, radios, onClose }: CommandDialogProps) {
  const { t } = useTranslation('commands');
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const [runId, setRunId] = useState<string | null>(null);
  const [begun, setBegun] = useState(first);
  const [only] = devices;
  const command = t(`dialog.${begun.kind}`);
  return (
    <Modal
      opened
      onClose={onClose}
      fullScreen={narrow}
      size="lg"
      classNames={{ title: classes.dialogTitle }}
      title={
        devices.length === 1 && only
          ? t('dialog.of-one', { command, name: only.name })
          : t('dialog.of-many', { command, count: devices.length })
      }
      closeButtonProps={{ 'aria-label': t('close') }}
      data-testid="command-dialog"
    >
      {runId === null ? (
        <Order
          key={begun.kind}
          first={begun}
          devices={devices}
          ssids={ssids}
          radios={radios}
          onStarted={setRunId}
          onInstead={(kind) => setBegun(draftOf(kind))}
          onClose={onClose}
        />
      ) : (
        <Stack className={classes.inDialog}>
          <RunView id={runId} />
          <Group justify="space-between">
            <Anchor component={Link} size="sm" href={runPagePath(runId)} onClick={onClose}>
              {t('view.open')}
            </Anchor>
            <Button variant="default" size={narrow ? 'lg' : 'sm'} onClick={onClose} title={t('goes-on')}>
              {t('close')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

interface OrderProps extends CommandDialogProps {
  onStarted: (runId: string) => void;
  /** Another command, to the same devices. */
  onInstead: (kind: CommandKind) => void;
}

function Order({ first, devices, ssids, radios, onStarted, onInstead, onClose }: OrderProps) {
  const { t } = useTranslation('commands');
  const [draft, setDraft] = useState(first);
  const spec = useMemo(() => specOf(draft), [draft]);
  const [settled] = useDebouncedValue(spec, SETTLED_MS);
  const ids = useMemo(() => devices.map(({ id }) => id), [devices]);
  const preview = usePreview(settled, ids);
  const asked = settled === spec && spec !== null;
  const [wishes, setWishes] = useState<Wishes>({ pause: false, reason: '' });
  const [refusal, setRefusal] = useState<unknown>(null);
  return (
    <Stack>
      <CommandFields draft={draft} onChange={setDraft} ssids={ssids} radios={radios} />
      {asked && preview.data ? (
        <Confirm
          key={preview.data.token}
          preview={preview.data}
          wishes={wishes}
          onWishes={setWishes}
          refusal={refusal}
          onRefused={(error) => {
            setRefusal(error);
            void preview.refetch();
          }}
          onStarted={onStarted}
          onInstead={onInstead}
          onClose={onClose}
        />
      ) : (
        <>
          {asked && preview.error && (
            <ErrorState error={preview.error} retry={() => void preview.refetch()} compact />
          )}
          {spec && !(asked && preview.error) && (
            <Group gap="xs">
              <Loader size="xs" />
              <Text size="sm" c="dimmed">
                {t('preview.asking')}
              </Text>
            </Group>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}

/** How a run to several is to go; outlives the preview, which is made anew after a refusal. */
interface Wishes {
  pause: boolean;
  reason: string;
}

interface ConfirmProps {
  preview: CommandPreview;
  wishes: Wishes;
  onWishes: (wishes: Wishes) => void;
  /** Why the last attempt was refused; null: there was none. */
  refusal: unknown;
  /** The preview was too old or used: another one is wanted. */
  onRefused: (error: unknown) => void;
  onStarted: (runId: string) => void;
  onInstead: (kind: CommandKind) => void;
  onClose: () => void;
}

/** The last look before it is done. One key a preview: pressing twice, or a lost answer, does it once. */
function Confirm(props: ConfirmProps) {
  const { preview, wishes, onWishes, refusal, onRefused, onStarted, onInstead, onClose } = props;
  const { t } = useTranslation('commands');
  const errorText = useErrorText();
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  const [key] = useState(() => crypto.randomUUID());
  const [typed, setTyped] = useState('');
  const start = useStartRun();
  const { willRun } = preview;
  const many = preview.devices.length > 1;
  const typing = needsTyping(preview);
  const ready = willRun > 0 && (!typing || typed.trim() === String(willRun));
  const size = narrow ? 'lg' : 'sm';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        start.mutate(
          { token: preview.token, key, pauseBetweenStages: wishes.pause, reason: wishes.reason },
          { onSuccess: (run) => onStarted(run.id), onError: onRefused },
        );
      }}
    >
      <Stack>
        <PreviewView preview={preview} />
        {powerCycleMayHelp(preview) && (
          <PowerCycleInstead preview={preview} onChosen={() => onInstead('poe-cycle')} />
        )}
        {many && willRun > 1 && (
          <>
            <Checkbox
              label={t('field.pause')}
              checked={wishes.pause}
              onChange={(event) => onWishes({ ...wishes, pause: event.currentTarget.checked })}
            />
            <TextInput
              label={t('field.reason')}
              placeholder={t('field.reason-hint')}
              value={wishes.reason}
              maxLength={300}
              onChange={(event) => onWishes({ ...wishes, reason: event.currentTarget.value })}
            />
          </>
        )}
        {typing && (
          <TextInput
            label={t('field.typed', { count: willRun })}
            value={typed}
            inputMode="numeric"
            autoComplete="off"
            onChange={(event) => setTyped(event.currentTarget.value)}
            data-testid="command-typed"
          />
        )}
        {refusal !== null && !start.isPending && <Alert color="red">{errorText(refusal)}</Alert>}
        <Group justify="flex-end" gap="sm" grow={narrow}>
          <Button variant="default" size={size} onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button
            type="submit"
            size={size}
            color={typing ? 'red' : undefined}
            disabled={!ready}
            loading={start.isPending}
            data-testid="command-do"
          >
            {many ? t('do-many', { count: willRun }) : t('do')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
