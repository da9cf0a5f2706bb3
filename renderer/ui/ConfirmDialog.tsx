import { Button, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { DialogEnd } from './DialogEnd.tsx';

interface ConfirmDialogProps {
  title: string;
  /** What will happen. */
  children: ReactNode;
  /** The word on the button that does it. */
  confirm: string;
  /** Nothing brings it back. */
  final?: boolean;
  /** The change, as react-query has it. */
  change: { isPending: boolean; error: unknown };
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks once more. */
export function ConfirmDialog({ title, children, confirm, final = false, ...rest }: ConfirmDialogProps) {
  const { change, onConfirm, onClose } = rest;
  return (
    <Modal opened onClose={onClose} title={title}>
      <Stack>
        <Text size="sm">{children}</Text>
        <DialogEnd error={change.error} onClose={onClose} focusCancel>
          <Button color={final ? 'red.9' : undefined} loading={change.isPending} onClick={onConfirm}>
            {confirm}
          </Button>
        </DialogEnd>
      </Stack>
    </Modal>
  );
}
