import { Code } from '@mantine/core';
import { Fragment } from 'react';
import { useFormat } from '../ui/useFormat.ts';
import classes from './audit.module.css';

/** Fields that hold moments, UTC ms. */
const MOMENTS: ReadonlySet<string> = new Set(['from', 'to', 'at', 'until', 'footageTime']);
/** Below this a number is a count or a length, not a moment (2001 in ms). */
const EARLIEST = 1e12;

/** What an entry carries besides who and what, field by field. */
export function EntryData({ data }: { data: Readonly<Record<string, unknown>> }) {
  const format = useFormat();
  return (
    <dl className={classes.facts}>
      {Object.entries(data).map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>
            {typeof value === 'number' && value > EARLIEST && MOMENTS.has(name) ? (
              format.dateTime(value)
            ) : typeof value === 'object' && value !== null ? (
              <Code block>{JSON.stringify(value, null, 2)}</Code>
            ) : (
              String(value)
            )}
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}
