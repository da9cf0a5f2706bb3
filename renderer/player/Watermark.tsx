import { useSession } from '../hub/session.tsx';
import { useFormat } from '../ui/useFormat.ts';
import { useNow } from '../ui/useNow.ts';
import classes from './player.module.css';

/** Who is looking, written over the picture: a photograph of the screen names its source. */
export function Watermark() {
  const { person } = useSession();
  const format = useFormat();
  const now = useNow(1000);
  const text = [person.name, person.number || person.login, format.dateTime(now)].join(' · ');
  return (
    <div className={classes.watermark} aria-hidden data-testid="watermark">
      {['a', 'b', 'c', 'd'].map((line) => (
        <span key={line}>{text}</span>
      ))}
    </div>
  );
}
