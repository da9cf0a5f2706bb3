import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Shows what a long list holds back. @param count how many; nothing at none */
export function MoreButton({ count, onMore }: { count: number; onMore: () => void }) {
  const { t } = useTranslation('wifi');
  if (count <= 0) return null;
  return (
    <Button size="compact-xs" variant="subtle" mt={4} onClick={onMore}>
      {t('page.more', { count })}
    </Button>
  );
}
