import { IconLock } from '@tabler/icons-react';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { useSession } from '../hub/session.tsx';
import { EmptyState, Loading } from '../ui/states.tsx';
import { ScreenBoundary } from './ScreenBoundary.tsx';
import { opens, openTo, screens } from './screens.ts';

/** The screen that the address names. A screen has its own addresses below its path. */
export function Screens() {
  const { t } = useTranslation();
  const { can } = useSession();
  const [location] = useLocation();
  const home = openTo(can)[0]?.path ?? '/settings';
  return (
    <ScreenBoundary resetKey={location}>
      <Suspense fallback={<Loading />}>
        <Switch>
          {screens.map(({ component: Screen, ...screen }) => (
            <Route key={screen.name} path={`${screen.path}/*?`}>
              {opens(screen, can) ? (
                <Screen />
              ) : (
                <EmptyState icon={<IconLock size={26} />} title={t('no-screen')}>
                  {t('no-screen-do')}
                </EmptyState>
              )}
            </Route>
          ))}
          <Route>
            <Redirect to={home} replace />
          </Route>
        </Switch>
      </Suspense>
    </ScreenBoundary>
  );
}
