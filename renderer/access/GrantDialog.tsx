import {
  Button,
  Checkbox,
  Group,
  Modal,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Text,
  Textarea,
} from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../../main/contract/access.ts';
import { useSession } from '../hub/session.tsx';
import { cityZone } from '../time/city-zone.ts';
import { MomentField } from '../time/MomentField.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { useRoleName } from '../ui/useRoleName.ts';
import { emptyGrant, type GrantForm, type GrantProblem, grantOf } from './grant-form.ts';
import { HoursField } from './HoursField.tsx';
import { PreviewText } from './PreviewText.tsx';
import { ScopeField } from './ScopeField.tsx';
import { useAccessChanges, useRoles } from './useAccess.ts';

interface GrantDialogProps {
  opened: boolean;
  person: Person;
  onClose: () => void;
}

/** Gives a right: role, scope, term, hours, depth, basis, and what it would change before it is given. */
export function GrantDialog({ opened, person, onClose }: GrantDialogProps) {
  const { t } = useTranslation(['access', 'common']);
  const narrow = useMediaQuery('(max-width: 48em)') ?? false;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      fullScreen={narrow}
      title={t('dialog.title', { name: person.name })}
    >
      {opened && <GrantFields person={person} onClose={onClose} />}
    </Modal>
  );
}

const DEPTHS = ['1', '24', '72', '168', '720'] as const;
/** A preview needs no basis; the hub asks for one all the same. */
const PREVIEW_BASIS = '—';

function GrantFields({ person, onClose }: Omit<GrantDialogProps, 'opened'>) {
  const { t } = useTranslation(['access', 'common']);
  const { city } = useSession();
  const errorText = useErrorText();
  const roleName = useRoleName();
  const roles = useRoles();
  const { addGrant } = useAccessChanges();
  const zone = useMemo(() => cityZone(city.timeZone), [city.timeZone]);
  const [form, setForm] = useState<GrantForm>(() => emptyGrant(Date.now(), zone));
  const [tried, setTried] = useState(false);
  const [asked] = useDebouncedValue(form, 300);
  const set = (change: Partial<GrantForm>) => setForm((before) => ({ ...before, ...change }));
  const { problems } = grantOf(form, person.id, zone, Date.now());
  const preview = useMemo(
    () => grantOf({ ...asked, basis: PREVIEW_BASIS }, person.id, zone, Date.now()).input,
    [asked, person.id, zone],
  );
  const wrong = (problem: GrantProblem, text: string) =>
    tried && problems.some((one) => one === problem) ? text : undefined;
  const role = roles.data?.find(({ id }) => id === form.roleId);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const { input } = grantOf(form, person.id, zone, Date.now());
    if (!input) return;
    addGrant.mutate(input, {
      onSuccess: () => {
        notifications.show({ message: t('granted-done') });
        onClose();
      },
      onError: (error) => notifications.show({ color: 'red', message: errorText(error) }),
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Select
          label={t('dialog.role')}
          placeholder={t('dialog.scope-choose')}
          description={
            role &&
            t('dialog.role-does', {
              actions: role.actions.map((action) => t(`common:action.${action}`)).join(', '),
            })
          }
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={(roles.data ?? []).map((one) => ({ value: one.id, label: roleName(one) }))}
          value={form.roleId || null}
          onChange={(roleId) => set({ roleId: roleId ?? '' })}
          error={wrong('role', t('dialog.role-wrong'))}
          data-autofocus
          data-testid="grant-role"
        />
        <ScopeField
          type={form.scopeType}
          id={form.scopeId}
          onChange={(scopeType, scopeId) => set({ scopeType, scopeId })}
          error={wrong('scope', t('dialog.scope-wrong'))}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          <MomentField
            label={t('dialog.from')}
            description={form.from === '' ? t('dialog.from-now') : undefined}
            value={form.from}
            onChange={(from) => set({ from })}
            dayMeans="00:00"
            error={wrong('time', t('dialog.time-wrong'))}
          />
          <Stack gap={6}>
            <MomentField
              label={t('dialog.until')}
              value={form.forever ? '' : form.until}
              disabled={form.forever}
              onChange={(until) => set({ until })}
              dayMeans="23:59"
              error={wrong('until', t('dialog.until-wrong'))}
            />
            <Checkbox
              size="xs"
              label={t('dialog.forever')}
              description={form.forever ? t('dialog.forever-hint') : undefined}
              checked={form.forever}
              onChange={(event) => set({ forever: event.currentTarget.checked })}
            />
          </Stack>
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          <Select
            label={t('dialog.depth')}
            description={t('dialog.depth-hint')}
            data={[
              { value: '', label: t('depths.all') },
              ...DEPTHS.map((value) => ({ value, label: t(`depths.${value}`) })),
            ]}
            value={form.archiveHours}
            onChange={(archiveHours) => set({ archiveHours: archiveHours ?? '' })}
            allowDeselect={false}
          />
          <Stack gap={4}>
            <Text size="sm" fw={500} component="span">
              {t('dialog.effect')}
            </Text>
            <SegmentedControl
              aria-label={t('dialog.effect')}
              value={form.effect}
              onChange={(effect) => set({ effect: effect === 'deny' ? 'deny' : 'allow' })}
              color={form.effect === 'deny' ? 'red' : undefined}
              data={[
                { value: 'allow', label: t('dialog.allow') },
                { value: 'deny', label: t('dialog.deny') },
              ]}
            />
            {form.effect === 'deny' && (
              <Text size="xs" c="dimmed">
                {t('dialog.deny-hint')}
              </Text>
            )}
          </Stack>
        </SimpleGrid>
        <Checkbox
          label={t('dialog.weekly')}
          checked={form.weekly}
          onChange={(event) => set({ weekly: event.currentTarget.checked })}
        />
        {form.weekly && (
          <HoursField
            rows={form.hours}
            onChange={(hours) => set({ hours })}
            error={wrong('hours', t('dialog.hours-wrong'))}
          />
        )}
        <Textarea
          label={t('dialog.basis')}
          placeholder={t('dialog.basis-placeholder')}
          autosize
          minRows={1}
          maxLength={300}
          value={form.basis}
          onChange={(event) => set({ basis: event.currentTarget.value })}
          error={wrong('basis', t('dialog.basis-wrong'))}
          data-testid="grant-basis"
        />
        <div>
          <Text size="sm" fw={500} mb={4}>
            {t('dialog.preview')}
          </Text>
          <PreviewText input={preview} waiting={t('dialog.preview-wait')} />
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={addGrant.isPending} data-testid="grant-submit">
            {t('dialog.grant')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
