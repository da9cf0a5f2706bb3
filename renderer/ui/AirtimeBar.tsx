import classes from './airtime.module.css';

/** Over these shares of airtime a point is busy, then full: the air itself is the bottleneck. */
const BUSY = 0.5;
const FULL = 0.75;

/** A share of airtime, 0 to 1, as a bar with its figure. Drawn by the hundred in a table: plain elements only. */
export function AirtimeBar({ value, text }: { value: number; text: string }) {
  const grade = value >= FULL ? 'full' : value >= BUSY ? 'busy' : 'free';
  return (
    <span className={classes.bar}>
      <span className={classes.track} data-track aria-hidden>
        <span
          className={classes.filled}
          data-grade={grade}
          style={{ width: `${Math.min(1, value) * 100}%` }}
        />
      </span>
      <span className="tabular">{text}</span>
    </span>
  );
}
