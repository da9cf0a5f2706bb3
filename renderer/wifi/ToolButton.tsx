import { ActionIcon, Button } from '@mantine/core';
import type { ReactNode } from 'react';

interface ToolButtonProps {
  name: string;
  icon: ReactNode;
  /** The sign alone, as large as a thumb; its name is read aloud. */
  bare: boolean;
  size?: 'xs' | 'sm';
  variant: 'default' | 'subtle';
  onClick: () => void;
}

/** A button with a sign and a name, of which a telephone has room for the sign only. */
export function ToolButton({ name, icon, bare, size = 'sm', variant, onClick }: ToolButtonProps) {
  return bare ? (
    <ActionIcon size={44} variant={variant} aria-label={name} title={name} onClick={onClick}>
      {icon}
    </ActionIcon>
  ) : (
    <Button size={size} variant={variant} leftSection={icon} onClick={onClick}>
      {name}
    </Button>
  );
}
