import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

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
    // Dimmed, never blurred: somebody may be watching the pictures behind it.
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45, blur: 0 } } },
    Spotlight: { defaultProps: { overlayProps: { backgroundOpacity: 0.45, blur: 0 } } },
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', checkIconPosition: 'right' } },
    Table: { defaultProps: { verticalSpacing: 6, horizontalSpacing: 'sm', fz: 'sm' } },
  },
});

/** Grounds and quiet text, chosen for at least 4.5:1 of text on them. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  dark: {
    '--surface': slate[8],
    '--surface-raised': slate[7],
    '--line': slate[5],
    '--mantine-color-body': slate[7],
    '--mantine-color-dimmed': slate[2],
    '--mantine-color-placeholder': '#8491a0',
    '--mantine-color-error': '#ff8f92',
    '--mantine-color-red-light': '#43222a',
    '--mantine-color-red-light-hover': '#50272f',
    '--mantine-color-red-light-color': '#ffb9bb',
    '--mantine-color-gray-light': '#26313d',
    '--mantine-color-gray-light-color': '#c3cdd8',
    '--mantine-color-yellow-light': '#3a331f',
    '--mantine-color-yellow-light-hover': '#463d24',
    '--mantine-color-yellow-light-color': '#f4dc98',
    '--mantine-color-tower-light': '#1f3146',
    '--mantine-color-tower-light-hover': '#253b54',
    '--mantine-color-tower-light-color': '#b3d3f5',
  },
  light: {
    '--surface': '#eef1f5',
    '--surface-raised': '#ffffff',
    '--line': '#d6dce3',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#566270',
    '--mantine-color-anchor': tower[7],
    '--mantine-color-placeholder': '#5f6c7a',
  },
});
