import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './device.module.css';

export interface Fact {
  name: string;
  /** Null and empty ones are left out: what a device never said takes no room. */
  value: ReactNode;
}

interface FactsProps {
  title?: string;
  facts: readonly Fact[];
}

const isSaid = (value: ReactNode) => value !== null && value !== undefined && value !== '' && value !== false;

/** Names and values of a device, under a heading of their own. */
export function Facts({ title, facts }: FactsProps) {
  const said = facts.filter(({ value }) => isSaid(value));
  if (said.length === 0) return null;
  return (
    <section>
      {title && (
        <Title order={3} size="h4" mb={6}>
          {title}
        </Title>
      )}
      <dl className={classes.facts}>
        {said.map(({ name, value }) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <Text component="dd" inherit>
              {value}
            </Text>
          </div>
        ))}
      </dl>
    </section>
  );
}
