import { ActionIcon, Indicator, Popover, ScrollArea, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';

interface HeaderMenuProps {
  /** Says what it is, or how many things are under way. */
  label: string;
  /** Names what opens. */
  title: string;
  icon: ReactNode;
  /** How many things are under way; none shows no number. */
  active: number;
  /** Something waits for this person. */
  waits?: boolean;
  opened: boolean;
  onChange: (opened: boolean) => void;
  children: ReactNode;
  testId: string;
}

/** A sign in the header with a number at it, and the list that it opens. */
export function HeaderMenu(props: HeaderMenuProps) {
  const { label, title, icon, active, waits = false, opened, onChange, children, testId } = props;
  return (
    <Popover
      opened={opened}
      onChange={onChange}
      position="bottom-end"
      width="min(420px, calc(100vw - 16px))"
      shadow="md"
      withinPortal
      trapFocus
    >
      <Popover.Target>
        <Tooltip label={label} disabled={opened}>
          <Indicator
            label={active}
            size={16}
            offset={4}
            disabled={active === 0}
            processing={active > 0}
            color={waits ? 'yellow' : undefined}
          >
            <ActionIcon
              variant="subtle"
              color="gray"
              size={34}
              aria-label={label}
              aria-expanded={opened}
              onClick={() => onChange(!opened)}
              data-testid={testId}
            >
              {icon}
            </ActionIcon>
          </Indicator>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label={title} aria-labelledby={undefined} data-testid={`${testId}-list`}>
        <ScrollArea.Autosize mah="70vh" type="auto">
          {children}
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}
