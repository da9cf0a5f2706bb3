import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { resources } from '../i18n/resources.ts';

type RoleKey = keyof (typeof resources)['ru']['common']['role'];
const isRoleKey = (id: string): id is RoleKey => Object.hasOwn(resources.ru.common.role, id);

/** Built-in roles are worded by the console, others carry their own name. */
export function useRoleName(): (role: { id: string; name: string }) => string {
  const { t } = useTranslation();
  return useCallback(({ id, name }) => (isRoleKey(id) ? t(`role.${id}`) : name), [t]);
}
