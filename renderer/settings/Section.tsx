import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface SectionProps {
  title: string;
  what?: string;
  children: ReactNode;
}

/** One subject of the settings. */
export function Section({ title, what, children }: SectionProps) {
  return (
    <Paper withBorder p="lg" radius="md" component="section">
      <Stack gap="sm">
        <Title order={2}>{title}</Title>
        {what && (
          <Text size="sm" c="dimmed">
            {what}
          </Text>
        )}
        {children}
      </Stack>
    </Paper>
  );
}
