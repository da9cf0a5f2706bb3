import {
  IconAlertTriangle,
  IconChartBar,
  IconClockShield,
  IconHistory,
  IconLayoutGrid,
  IconListDetails,
  IconMap2,
  IconSettings,
  IconShieldLock,
  IconWifi,
  type TablerIcon,
} from '@tabler/icons-react';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Action } from '../../main/contract/access.ts';

/** A place to go: what it is called (`common:screen.<name>`), where it is, and the action that opens it. */
export interface Screen {
  name:
    | 'map'
    | 'wall'
    | 'archive'
    | 'holds'
    | 'wifi'
    | 'incidents'
    | 'reports'
    | 'access'
    | 'audit'
    | 'settings';
  path: string;
  icon: TablerIcon;
  /** Null is open to anybody signed in. */
  action: Action | null;
  /** Opens it too. */
  orAction?: Action;
  component: LazyExoticComponent<ComponentType>;
}

/** In the order of the rail. Each screen is its own chunk: signing in loads none of them. */
export const screens: readonly Screen[] = [
  {
    name: 'map',
    path: '/map',
    icon: IconMap2,
    action: 'device.view',
    component: lazy(() => import('../map/MapScreen.tsx')),
  },
  {
    name: 'wall',
    path: '/wall',
    icon: IconLayoutGrid,
    action: 'video.live',
    component: lazy(() => import('../wall/WallScreen.tsx')),
  },
  {
    name: 'archive',
    path: '/archive',
    icon: IconHistory,
    action: 'video.archive',
    component: lazy(() => import('../archive/ArchiveScreen.tsx')),
  },
  {
    name: 'holds',
    path: '/holds',
    icon: IconClockShield,
    action: 'video.archive',
    orAction: 'system.configure',
    component: lazy(() => import('../holds/HoldsScreen.tsx')),
  },
  {
    name: 'wifi',
    path: '/wifi',
    icon: IconWifi,
    action: 'wifi.view',
    component: lazy(() => import('../wifi/WifiScreen.tsx')),
  },
  {
    name: 'incidents',
    path: '/incidents',
    icon: IconAlertTriangle,
    action: 'incident.view',
    component: lazy(() => import('../incidents/IncidentsScreen.tsx')),
  },
  {
    name: 'reports',
    path: '/reports',
    icon: IconChartBar,
    action: 'incident.view',
    component: lazy(() => import('../reports/ReportsScreen.tsx')),
  },
  {
    name: 'access',
    path: '/access',
    icon: IconShieldLock,
    action: 'access.manage',
    component: lazy(() => import('../access/AccessScreen.tsx')),
  },
  {
    name: 'audit',
    path: '/audit',
    icon: IconListDetails,
    action: 'audit.read',
    component: lazy(() => import('../audit/AuditScreen.tsx')),
  },
  {
    name: 'settings',
    path: '/settings',
    icon: IconSettings,
    action: null,
    component: lazy(() => import('../settings/SettingsScreen.tsx')),
  },
];

export const opens = (
  { action, orAction }: Pick<Screen, 'action' | 'orAction'>,
  can: (action: Action) => boolean,
): boolean => action === null || can(action) || (orAction !== undefined && can(orAction));

/** Those that the person may open. */
export const openTo = (can: (action: Action) => boolean): Screen[] =>
  screens.filter((screen) => opens(screen, can));
