import { Text, type TextProps, Tooltip } from '@mantine/core';
import { useFormat } from './useFormat.ts';
import { useNow } from './useNow.ts';

interface DateTimeProps extends TextProps {
  /** UTC ms. */
  at: number;
}

/** A moment in the city's zone, to the minute. */
export function DateTime({ at, ...text }: DateTimeProps) {
  const format = useFormat();
  return (
    <Text span inherit className="tabular" {...text}>
      <time dateTime={new Date(at).toISOString()}>{format.minute(at)}</time>
    </Text>
  );
}

/** How long ago, growing while it is looked at; the moment itself in the tooltip. */
export function Ago({ at, ...text }: DateTimeProps) {
  const format = useFormat();
  const now = useNow(1000);
  return (
    <Tooltip label={format.dateTime(at)}>
      <Text span inherit className="tabular" {...text}>
        <time dateTime={new Date(at).toISOString()}>{format.ago(now - at)}</time>
      </Text>
    </Tooltip>
  );
}
