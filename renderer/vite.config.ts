import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * One build for Electron, browsers and phones. Nothing is inlined: the hub's content policy allows scripts,
 * styles, fonts and workers from its own origin only.
 */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'es2023',
    // The oldest that know light-dark(); anything older would get a rewriting that misses the theme's switch.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  worker: { format: 'es' },
});
