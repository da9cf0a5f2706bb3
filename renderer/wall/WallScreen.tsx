import { Button } from '@mantine/core';
import { IconLayoutGrid } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, Redirect, useRoute, useSearch } from 'wouter';
import { ErrorState, Loading } from '../ui/states.tsx';
import { useDraftStore } from './useDraft.ts';
import { useWall } from './useWalls.ts';
import { WallView } from './WallView.tsx';
import classes from './wall.module.css';
import { NEW_WALL, wallPath } from './wall-address.ts';

/** The wall that the address names: `/wall/ID`, `/wall/new`, or the last one looked at. */
export default function WallScreen() {
  const [, params] = useRoute('/wall/:id');
  const search = useSearch();
  const drafts = useDraftStore();
  const id = params?.id;
  if (!id)
    return <Redirect to={`${wallPath(drafts.last() ?? NEW_WALL)}${search ? `?${search}` : ''}`} replace />;
  return (
    <div className={classes.screen}>
      {id === NEW_WALL ? <WallView key={id} wallId={id} saved={null} /> : <SavedWall key={id} id={id} />}
    </div>
  );
}

function SavedWall({ id }: { id: string }) {
  const { t } = useTranslation('wall');
  const { data, error, isPending, refetch } = useWall(id);
  if (data) return <WallView wallId={id} saved={data} />;
  if (isPending) return <Loading />;
  return (
    <>
      <ErrorState error={error} retry={() => void refetch()}>
        {t('gone')}
      </ErrorState>
      <Button
        component={Link}
        href={wallPath(NEW_WALL)}
        variant="default"
        leftSection={<IconLayoutGrid size={16} />}
        mx="auto"
      >
        {t('menu.unsaved')}
      </Button>
    </>
  );
}
