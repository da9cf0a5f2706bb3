import { Menu, Text, UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChevronDown, IconKeyboard, IconLogout, IconSettings, IconUserCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useSession, useSessionControl } from '../hub/session.tsx';
import { useOpenKeys } from '../keys/KeysProvider.tsx';
import { useErrorText } from '../ui/useErrorText.ts';
import { useRoleName } from '../ui/useRoleName.ts';
import classes from './Frame.module.css';

/** Signs out; a hub that cannot be told says so, for the session would otherwise stay open unnoticed. */
export function useSignOut(): () => void {
  const { signOut } = useSessionControl();
  const errorText = useErrorText();
  const [, navigate] = useLocation();
  return () => {
    // Whoever signs in next begins at his own first screen.
    const left = signOut().then(() => navigate('/', { replace: true }));
    left.catch((error: unknown) => notifications.show({ color: 'red', message: errorText(error) }));
  };
}

/** Who is signed in, and in which role. */
export function PersonMenu() {
  const { t } = useTranslation(['common', 'keys']);
  const openKeys = useOpenKeys();
  const roleName = useRoleName();
  const { person, roles } = useSession();
  const signOut = useSignOut();
  const [, navigate] = useLocation();
  const role = roles.map(roleName).join(', ');
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.person}>
          <IconUserCircle size={24} stroke={1.5} aria-hidden />
          <span className={classes.personText}>
            <Text span display="block" size="sm" fw={600} lh={1.2} truncate>
              {person.name}
            </Text>
            <Text span display="block" size="xs" c="dimmed" lh={1.2} truncate>
              {role}
            </Text>
          </span>
          <IconChevronDown size={14} aria-hidden className={classes.chevron} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {person.login}
          {person.unit && ` · ${person.unit}`}
          {person.number && ` · ${person.number}`}
        </Menu.Label>
        <Menu.Item leftSection={<IconSettings size={16} />} onClick={() => navigate('/settings')}>
          {t('screen.settings')}
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={openKeys}>
          {t('keys:open')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut}>
          {t('frame.sign-out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
