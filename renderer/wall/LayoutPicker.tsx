import { ActionIcon, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type WallSize, WallSizes } from '../../main/contract/wall.ts';

interface LayoutPickerProps {
  value: WallSize | 'free';
  /** More cameras than the free layout takes. */
  freeDisabled: boolean;
  onChange: (layout: WallSize | 'free') => void;
}

/** The layouts as small pictures of themselves. */
export function LayoutPicker({ value, freeDisabled, onChange }: LayoutPickerProps) {
  const { t } = useTranslation('wall');
  return (
    <ActionIcon.Group role="radiogroup" aria-label={t('layout.title')}>
      {WallSizes.map((size, i) => (
        <Choice
          key={size}
          label={t('layout.even', { count: size, key: i + 1 })}
          on={value === size}
          onChoose={() => onChange(size)}
        >
          <Cells side={i + 1} />
        </Choice>
      ))}
      <Choice
        label={freeDisabled ? t('layout.free-full') : t('layout.free')}
        on={value === 'free'}
        disabled={freeDisabled}
        onChoose={() => onChange('free')}
      >
        <svg viewBox="0 0 18 18" width={18} height={18} aria-hidden fill="none" stroke="currentColor">
          <rect x={1.5} y={1.5} width={9} height={15} rx={1} />
          <rect x={12.5} y={1.5} width={4} height={6} rx={1} />
          <rect x={12.5} y={9.5} width={4} height={7} rx={1} />
        </svg>
      </Choice>
    </ActionIcon.Group>
  );
}

interface ChoiceProps {
  label: string;
  on: boolean;
  disabled?: boolean;
  onChoose: () => void;
  children: React.ReactNode;
}

function Choice({ label, on, disabled = false, onChoose, children }: ChoiceProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        role="radio"
        aria-checked={on}
        aria-label={label}
        variant={on ? 'filled' : 'default'}
        size={30}
        data-disabled={disabled || undefined}
        aria-disabled={disabled}
        onClick={disabled ? undefined : onChoose}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function Cells({ side }: { side: number }) {
  const step = 15 / side;
  return (
    <svg viewBox="0 0 18 18" width={18} height={18} aria-hidden fill="none" stroke="currentColor">
      <rect x={1.5} y={1.5} width={15} height={15} rx={1} />
      {Array.from({ length: side - 1 }, (_, i) => 1.5 + step * (i + 1)).map((line) => (
        <path key={line} d={`M${line} 1.5v15M1.5 ${line}h15`} strokeWidth={side > 3 ? 0.7 : 1} />
      ))}
    </svg>
  );
}
