import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { IconFileSpreadsheet, IconFilterOff, IconListDetails, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { DeviceKinds } from '../../main/contract/device.ts';
import { useSession } from '../hub/session.tsx';
import { kindIcons } from '../ui/kind.tsx';
import { AreaFilter, GroupFilter } from './AreaFilter.tsx';
import classes from './Map.module.css';
import type { MapSearch } from './map-search.ts';
import { StatusFilter } from './StatusFilter.tsx';

interface MapBarProps {
  search: MapSearch;
  change: (part: Partial<MapSearch>) => void;
  onImport: () => void;
}

/** What is shown, and what can be done from the map. */
export function MapBar({ search, change, onImport }: MapBarProps) {
  const { t } = useTranslation(['map', 'common']);
  const { can } = useSession();
  const filtered =
    search.kinds.length > 0 || search.statuses.length > 0 || search.area !== null || search.group !== null;
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('filter.title')}>
      <ActionIcon.Group>
        {DeviceKinds.map((kind) => {
          const Icon = kindIcons[kind];
          const on = search.kinds.length === 0 || search.kinds.includes(kind);
          return (
            <Tooltip key={kind} label={t(`common:kinds.${kind}`)}>
              <ActionIcon
                variant={search.kinds.includes(kind) ? 'filled' : 'default'}
                size={30}
                aria-label={t(`common:kinds.${kind}`)}
                aria-pressed={search.kinds.includes(kind)}
                style={on ? undefined : { opacity: 0.6 }}
                onClick={() =>
                  change({
                    kinds: DeviceKinds.filter((other) =>
                      other === kind ? !search.kinds.includes(kind) : search.kinds.includes(other),
                    ),
                  })
                }
              >
                <Icon size={17} stroke={1.7} aria-hidden />
              </ActionIcon>
            </Tooltip>
          );
        })}
      </ActionIcon.Group>
      <StatusFilter chosen={search.statuses} onChange={(statuses) => change({ statuses })} />
      <AreaFilter value={search.area} onChange={(area) => change({ area })} />
      <GroupFilter value={search.group} onChange={(group) => change({ group })} />
      {filtered && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconFilterOff size={15} />}
          onClick={() => change({ kinds: [], statuses: [], area: null, group: null })}
        >
          {t('filter.clear')}
        </Button>
      )}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconListDetails size={15} />}
        aria-pressed={search.panel === 'list'}
        onClick={() => change({ panel: search.panel === 'list' ? null : 'list' })}
      >
        {t('list.open')}
      </Button>
      {can('device.edit') && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" size="xs" leftSection={<IconPlus size={15} />}>
              {t('add.menu')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPlus size={16} />} onClick={() => change({ panel: 'new' })}>
              {t('add.device')}
            </Menu.Item>
            <Menu.Item leftSection={<IconFileSpreadsheet size={16} />} onClick={onImport}>
              {t('add.import')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}
