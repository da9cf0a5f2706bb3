import { Stack, Text, UnstyledButton } from '@mantine/core';
import { IconUserCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PublicInfo } from '../../main/contract/access.ts';
import { useRoleName } from '../ui/useRoleName.ts';
import classes from './SignInPage.module.css';

interface DemoAccountsProps {
  accounts: PublicInfo['demoAccounts'];
  disabled: boolean;
  onChoose: (account: { login: string; password: string }) => void;
}

/** One account per role, while this is a demonstration. */
export function DemoAccounts({ accounts, disabled, onChoose }: DemoAccountsProps) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  return (
    <Stack gap={6} component="section" aria-label={t('signin.demo')}>
      <Text size="sm" c="dimmed">
        {t('signin.demo-what')}
      </Text>
      {accounts.map(({ login, password, roleId, name }) => (
        <UnstyledButton
          key={login}
          className={classes.account}
          disabled={disabled}
          onClick={() => onChoose({ login, password })}
        >
          <IconUserCircle size={22} stroke={1.5} aria-hidden />
          <span>
            <Text span display="block" size="sm" fw={600}>
              {roleName({ id: roleId, name })}
            </Text>
            <Text span display="block" size="xs" c="dimmed">
              {name} · {login}
            </Text>
          </span>
        </UnstyledButton>
      ))}
    </Stack>
  );
}
