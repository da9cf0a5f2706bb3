import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Scope } from '../../main/contract/access.ts';
import { useAreas, useGroups } from '../hub/devices.ts';
import { useLanguage } from '../i18n/useLanguage.ts';
import { useRoleName } from '../ui/useRoleName.ts';
import { usePeople, useRoles } from './useAccess.ts';

/** Who gave the grants that a hub makes by itself: the first person's, the demonstration's. */
const HUB = 'hub';

/** Names for the ids that grants carry. What is not known (yet) is called by its id. */
export function useNames() {
  const { t } = useTranslation('access');
  const { language } = useLanguage();
  const areas = useAreas();
  const groups = useGroups();
  const roles = useRoles();
  const people = usePeople();
  const roleName = useRoleName();
  const known = useMemo(
    () => ({
      areas: new Map(areas.data?.map((area) => [area.id, language === 'ru' ? area.nameRu : area.nameEn])),
      groups: new Map(groups.data?.map(({ id, name }) => [id, name])),
      roles: new Map(roles.data?.map((role) => [role.id, role])),
      people: new Map(people.data?.map(({ id, name }) => [id, name])),
    }),
    [areas.data, groups.data, roles.data, people.data, language],
  );
  const scope = useCallback(
    (one: Scope): string => {
      if (one.type === 'city') return t('scope.city');
      const from = one.type === 'group' ? known.groups : one.type === 'device' ? undefined : known.areas;
      return t('scope-named', { type: t(`scope.${one.type}`), name: from?.get(one.id) ?? one.id });
    },
    [t, known],
  );
  const role = useCallback(
    (id: string): string => roleName(known.roles.get(id) ?? { id, name: id }),
    [known, roleName],
  );
  const person = useCallback(
    (id: string): string => known.people.get(id) ?? (id === HUB ? t('by-hub') : id),
    [known, t],
  );
  return { scope, role, person };
}
