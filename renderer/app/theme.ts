import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** Slate with a breath of blue: calm for a night shift, and every status colour stands out on it. */
const slate: MantineColorsTuple = [
  '#dfe5ec',
  '#bfc9d4',
  '#9aa6b4',
  '#7c8997',
  '#4b5867',
  '#33404d',
  '#222c37',
  '#1a222c',
  '#141b23',
  '#0e141a',
];

const tower: MantineColorsTuple = [
  '#eaf3fd',
  '#cfe2f8',
  '#a6caf1',
  '#7cb1e9',
  '#5a9ae0',
  '#4188d6',
  '#2f70bb',
  '#275f9f',
  '#1f4e84',
  '#173d69',
];

/** Dense, not cramped: 13 px tables, 14 px text, small radii. */
export const theme = createTheme({
  primaryColor: 'tower',
  primaryShade: 6,
  colors: { dark: slate, tower },
  fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem' },
      h2: { fontSize: '1.125rem' },
      h3: { fontSize: '1rem' },
      h4: { fontSize: '0.875rem' },
    },
  },
  defaultRadius: 'sm',
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '24px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.55, blur: 2 } } },
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', checkIconPosition: 'right' } },
    Table: { defaultProps: { verticalSpacing: 6, horizontalSpacing: 'sm', fz: 'sm' } },
  },
});
