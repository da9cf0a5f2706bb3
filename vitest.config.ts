import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'main/**/*.test.ts',
            'renderer/**/*.test.ts',
            'native-bridge/**/*.test.ts',
            'electron/**/*.test.ts',
            'fixtures/**/*.test.ts',
          ],
          // Limits only end a test that fails: a busy machine is given its time.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          // Real servers, real ffmpeg, two cores: one file at a time keeps timing honest.
          fileParallelism: false,
          testTimeout: 240_000,
          // The first to want some footage encodes it: minutes, where others work too.
          hookTimeout: 600_000,
          expect: { poll: { timeout: 60_000 } },
        },
      },
    ],
  },
});
