import { Button, Text, UnstyledButton } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type RefObject, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../main/contract/audit.ts';
import { useFormat } from '../ui/useFormat.ts';
import classes from './audit.module.css';
import { doneByHub, namesIn, subjectOf } from './subject.ts';

interface AuditTableProps {
  items: readonly AuditEntry[];
  /** Null on the last page. */
  more: { loading: boolean; load: () => void } | null;
  onOpen: (entry: AuditEntry) => void;
}

/** Refusals stand out: they are what an auditor looks for. */
const isRefusal = (kind: AuditEntry['kind']) => kind.endsWith('.refused');

/** Entries, newest first; more are fetched as one scrolls. */
export function AuditTable({ items, more, onOpen }: AuditTableProps) {
  const { t } = useTranslation(['audit', 'common']);
  const format = useFormat();
  const scroll = useRef<HTMLDivElement>(null);
  const names = useMemo(() => namesIn(items), [items]);
  return (
    <div ref={scroll} className={classes.scroll} data-testid="audit-table">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col" className={classes.seq}>
              {t('column.seq')}
            </th>
            <th scope="col">{t('column.at')}</th>
            <th scope="col">{t('column.kind')}</th>
            <th scope="col">{t('column.person')}</th>
            <th scope="col">{t('column.subject')}</th>
            <th scope="col">{t('column.from')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((entry) => (
            <tr
              key={entry.seq}
              className={classes.row}
              data-refusal={isRefusal(entry.kind) || undefined}
              data-kind={entry.kind}
              data-testid="audit-row"
              onClick={() => onOpen(entry)}
            >
              <td className={classes.seq}>{entry.seq}</td>
              <td className="tabular">{format.dateTime(entry.at)}</td>
              <td>
                <UnstyledButton
                  className={classes.open}
                  aria-label={`${t(`kinds.${entry.kind}`)}. ${t('open', { seq: entry.seq })}`}
                  onClick={(event) => {
                    event.stopPropagation();
                    onOpen(entry);
                  }}
                >
                  {isRefusal(entry.kind) && (
                    <IconAlertTriangle size={14} aria-hidden className={classes.sign} />
                  )}
                  {t(`kinds.${entry.kind}`)}
                </UnstyledButton>
              </td>
              <td>{entry.personName || t(doneByHub(entry) ? 'hub' : 'stranger')}</td>
              <Subject entry={entry} names={names} />
              <td className="tabular">{entry.from}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more && <More scroll={scroll} key={items.length} {...more} />}
    </div>
  );
}

function Subject({ entry, names }: { entry: AuditEntry; names: ReadonlyMap<string, string> }) {
  const { t } = useTranslation('audit');
  const subject = subjectOf(entry, names);
  return (
    <td className={classes.subject} title={entry.subject}>
      {'read' in subject ? t(`subjects.${subject.read}`) : subject.text}
    </td>
  );
}

interface MoreProps {
  scroll: RefObject<HTMLDivElement | null>;
  loading: boolean;
  load: () => void;
}

/** Fetches the next page when its end comes into sight; a button does the same by keyboard. */
function More({ scroll, loading, load }: MoreProps) {
  const { t } = useTranslation('audit');
  const { ref, entry } = useIntersection({ root: scroll.current, rootMargin: '300px' });
  const asked = useRef(false);
  useEffect(() => {
    if (!entry?.isIntersecting || loading || asked.current) return;
    asked.current = true;
    load();
  }, [entry, loading, load]);
  return (
    <div ref={ref} className={classes.more}>
      {loading ? (
        <Text size="sm" c="dimmed">
          {t('loading-more')}
        </Text>
      ) : (
        <Button size="xs" variant="default" onClick={load}>
          {t('more')}
        </Button>
      )}
    </div>
  );
}
