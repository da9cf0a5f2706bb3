import type { ReactNode } from 'react';

interface WideTableProps {
  label: string;
  className: string | undefined;
  children: ReactNode;
}

/** Room for a table that may be wider than the screen: it scrolls sideways, by the arrow keys too. */
export function WideTable({ label, className, children }: WideTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys (WCAG 2.1.1)
    <section className={className} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
