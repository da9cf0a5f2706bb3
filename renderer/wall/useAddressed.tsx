import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearch } from 'wouter';
import type { WallWork } from './useDraft.ts';
import { readWallSearch, wallPath } from './wall-address.ts';
import { add, camerasOf } from './wall-content.ts';

/**
 * Does what the address asks for, once: cameras to be added, or what a new wall begins with. Then the address is the
 * wall's own again. What a new wall takes the place of can be had back.
 */
export function useAddressed(wallId: string, work: WallWork, onFull: (left: number) => void): void {
  const { t } = useTranslation('wall');
  const text = useSearch();
  const [, navigate] = useLocation();
  const done = useRef('');
  const latest = useRef({ work, onFull });
  useEffect(() => {
    latest.current = { work, onFull };
  });

  useEffect(() => {
    const asked = readWallSearch(new URLSearchParams(text));
    if (asked.add.length === 0 && !asked.content && !asked.tour) return;
    if (done.current === text) return;
    done.current = text;
    const before = latest.current.work;
    const keep = asked.screen ? '?screen' : '';
    navigate(`${wallPath(wallId)}${keep}`, { replace: true });
    if (asked.content || asked.tour) {
      before.set({ content: asked.content ?? before.content, tour: asked.tour });
      if (before.dirty && camerasOf(before.content).length > 0 && !asked.screen) {
        const id = notifications.show({
          autoClose: 15_000,
          message: (
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm">{t('replaced')}</Text>
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => {
                  latest.current.work.set({ content: before.content, tour: before.tour });
                  notifications.hide(id);
                }}
              >
                {t('bring-back')}
              </Button>
            </Group>
          ),
        });
      }
      return;
    }
    const { content, left } = add(before.content, asked.add);
    before.setContent(content);
    if (left.length > 0) latest.current.onFull(left.length);
  }, [text, wallId, navigate, t]);
}
