import classes from './Frame.module.css';
import { Rail } from './Rail.tsx';
import { Screens } from './Screens.tsx';

/** What is around every screen. */
export function Frame() {
  return (
    <div className={classes.frame}>
      <header className={classes.header} />
      <Rail />
      <main className={classes.main}>
        <Screens />
      </main>
    </div>
  );
}
