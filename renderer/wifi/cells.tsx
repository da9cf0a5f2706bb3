import type { HealthStatus } from '../../main/contract/health.ts';
import { statusIcons } from '../ui/status.tsx';
import { statusLooks } from '../ui/status-look.ts';
import classes from './wifi.module.css';
import type { Words } from './words.ts';

/* Cells of which hundreds are drawn while a table is scrolled: plain elements and no hooks, nothing that measures or listens. */

interface StatusCellProps {
  status: HealthStatus;
  words: Pick<Words, 't' | 'scheme'>;
  bare?: boolean;
}

/** Sign and word of a status. @param bare leaves the word to those who listen and to the pointer */
export function StatusCell({ status, words: { t, scheme }, bare = false }: StatusCellProps) {
  const Icon = statusIcons[status];
  const word = t(`common:status.${status}`);
  return (
    <span className={classes.status} title={bare ? word : undefined}>
      <Icon
        size={bare ? 18 : 16}
        color={statusLooks[status][scheme]}
        {...(bare ? { role: 'img', 'aria-label': word } : { 'aria-hidden': true })}
      />
      {!bare && <span>{word}</span>}
    </span>
  );
}

/** In place of a share of a time of which too little is known; a reader of the table hovers to learn why. */
export const NoShareCell = ({ why }: { why: string }) => (
  <span className={classes.share} data-grade="unknown" title={why}>
    —
  </span>
);

/** Under these shares of time a point was away for long, then for very long. */
const GOOD = 0.999;
const POOR = 0.99;

/** How much of the time a point worked; a sign stands by a low one, not colour alone. */
export function AvailabilityCell({ share, text }: { share: number; text: string }) {
  const grade = share >= GOOD ? 'good' : share >= POOR ? 'fair' : 'poor';
  return (
    <span className={classes.share} data-grade={grade}>
      {grade === 'poor' ? '▼ ' : ''}
      {text}
    </span>
  );
}
