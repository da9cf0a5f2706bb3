import { createSpotlight } from '@mantine/spotlight';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoute, useSearchParams } from 'wouter';
import { RunsBadge } from '../commands/RunsBadge.tsx';
import { JobsMenu } from '../export/JobsMenu.tsx';
import { IncidentAlarm } from '../incidents/IncidentAlarm.tsx';
import { SoundProvider } from '../incidents/SoundProvider.tsx';
import { KeysProvider } from '../keys/KeysProvider.tsx';
import { Mark } from '../ui/Mark.tsx';
import { BlindStrip } from './BlindStrip.tsx';
import { Clock } from './Clock.tsx';
import { Counts } from './Counts.tsx';
import classes from './Frame.module.css';
import { Palette, PaletteButton } from './Palette.tsx';
import { PersonMenu } from './PersonMenu.tsx';
import { Rail } from './Rail.tsx';
import { Screens } from './Screens.tsx';

/** What is around every screen. */
export function Frame() {
  const { t } = useTranslation();
  const [palette] = useState(createSpotlight);
  const [onWall] = useRoute('/wall/*');
  const [search] = useSearchParams();
  // A wall in a window of its own: pictures, whether we are blind, and the alarm, for it may be all that is open.
  if (onWall && search.has('screen'))
    return (
      <KeysProvider>
        <div className={classes.frame} data-bare>
          <main className={classes.main} id="main" tabIndex={-1}>
            <Screens />
          </main>
          <BlindStrip>
            <SoundProvider>
              <IncidentAlarm soundOnly />
            </SoundProvider>
          </BlindStrip>
        </div>
      </KeysProvider>
    );
  return (
    <KeysProvider>
      <SoundProvider>
        <div className={classes.frame}>
          <a className={classes.skip} href="#main">
            {t('frame.skip')}
          </a>
          <header className={classes.header}>
            <div className={classes.brand}>
              <Mark size={28} />
              <span className={classes.brandName}>{t('product')}</span>
            </div>
            <PaletteButton control={palette} />
            <Counts />
            <IncidentAlarm />
            <RunsBadge />
            <JobsMenu />
            <Clock />
            <PersonMenu />
          </header>
          <Rail />
          <main className={classes.main} id="main" tabIndex={-1}>
            <Screens />
          </main>
          <BlindStrip />
          <Palette control={palette} />
        </div>
      </SoundProvider>
    </KeysProvider>
  );
}
