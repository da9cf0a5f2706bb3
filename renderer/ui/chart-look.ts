/** Lines of a chart on a dark and on a light ground, at least 3:1 against it; told apart by their dashes too. */
export const lineLooks = [
  { dark: '#7cb1e9', light: '#1f5f9f', dash: [], css: 'solid' },
  { dark: '#f2b84b', light: '#9a5b00', dash: [7, 4], css: 'dashed' },
  { dark: '#d77bf0', light: '#8a2fa8', dash: [2, 3], css: 'dotted' },
] as const;

export const chartInks = {
  dark: { text: '#9aa6b4', grid: '#33404d' },
  light: { text: '#566270', grid: '#e3e8ee' },
} as const;

/** The band from least to most, as strong as lets three of them lie over each other. */
export const BAND_ALPHA = '2e';
