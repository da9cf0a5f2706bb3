import { useMantineColorScheme } from '@mantine/core';
import { IconKeyboard, IconLanguage, IconLogout, IconMoonStars, type TablerIcon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useSession } from '../hub/session.tsx';
import { useLanguage } from '../i18n/useLanguage.ts';
import { useOpenKeys } from '../keys/KeysProvider.tsx';
import { useSignOut } from './PersonMenu.tsx';
import { openTo } from './screens.ts';

interface PaletteAction {
  id: string;
  label: string;
  icon: TablerIcon;
  run: () => void;
}

/** What can be done by name: going to a screen, and the few things that are the same on every screen. */
export function usePaletteActions(): PaletteAction[] {
  const { t } = useTranslation(['common', 'keys']);
  const openKeys = useOpenKeys();
  const { can } = useSession();
  const [, navigate] = useLocation();
  const { toggleColorScheme } = useMantineColorScheme();
  const { language, change } = useLanguage();
  const signOut = useSignOut();
  return [
    ...openTo(can).map(({ name, path, icon }) => ({
      id: name,
      label: t(`screen.${name}`),
      icon,
      run: () => navigate(path),
    })),
    { id: 'theme', label: t('palette.theme'), icon: IconMoonStars, run: toggleColorScheme },
    {
      id: 'language',
      label: t('palette.language'),
      icon: IconLanguage,
      run: () => change(language === 'ru' ? 'en' : 'ru'),
    },
    { id: 'keys', label: t('keys:open'), icon: IconKeyboard, run: openKeys },
    { id: 'sign-out', label: t('frame.sign-out'), icon: IconLogout, run: signOut },
  ];
}
