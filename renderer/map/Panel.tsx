import { ActionIcon, Title } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Map.module.css';

interface PanelProps {
  title: ReactNode;
  /** Below the title. */
  subtitle?: ReactNode;
  /** Another one takes the focus anew. */
  subject: string;
  onClose: () => void;
  children: ReactNode;
}

/** What stands beside the map; on a phone, over its lower part. */
export function Panel({ title, subtitle, subject, onClose, children }: PanelProps) {
  const { t } = useTranslation();
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (subject) head.current?.focus({ preventScroll: true });
  }, [subject]);
  return (
    <section
      className={classes.panel}
      aria-labelledby="panel-title"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose();
      }}
    >
      <header className={classes.panelHead}>
        <div style={{ flex: 1, minWidth: 0 }}>
          <Title order={2} size="h3" id="panel-title" ref={head} tabIndex={-1} style={{ outline: 'none' }}>
            {title}
          </Title>
          {subtitle}
        </div>
        <ActionIcon variant="subtle" color="gray" onClick={onClose} aria-label={t('close')}>
          <IconX size={18} />
        </ActionIcon>
      </header>
      <div className={classes.panelBody}>{children}</div>
    </section>
  );
}
