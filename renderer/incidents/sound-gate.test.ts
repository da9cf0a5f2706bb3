import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BEGIN_MS, createSoundGate, type ProbeContext } from './sound-gate.ts';

/** A browser's audio that runs only when it is let. */
function fakeAudio(lets: boolean) {
  const target = new EventTarget();
  const audio = { lets, closed: 0, state: 'suspended' };
  const context: ProbeContext = {
    addEventListener: target.addEventListener.bind(target),
    get state() {
      return audio.state;
    },
    // Chrome's promise stays open until it allows sound; Safari's fails.
    resume: () => {
      if (!audio.lets) return new Promise<void>(() => undefined);
      audio.state = 'running';
      target.dispatchEvent(new Event('statechange'));
      return Promise.resolve();
    },
    close: () => {
      audio.closed += 1;
      return Promise.resolve();
    },
  };
  return { audio, open: () => context };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a page that may be heard says so at once, and keeps no audio open', () => {
  const { audio, open } = fakeAudio(true);
  const told: string[] = [];
  const gate = createSoundGate({ open, onChange: (allowed) => told.push(allowed) });
  vi.advanceTimersByTime(BEGIN_MS * 2);
  expect(told).toEqual(['allowed']);
  expect(gate.allowed()).toBe('allowed');
  expect(audio.closed).toBe(1);
});

test('a page that nobody touched is forbidden after a while, until a click is let through', () => {
  const { audio, open } = fakeAudio(false);
  const told: string[] = [];
  const gate = createSoundGate({ open, onChange: (allowed) => told.push(allowed) });
  expect(gate.allowed()).toBe('unknown');
  vi.advanceTimersByTime(BEGIN_MS);
  expect(told).toEqual(['forbidden']);
  gate.ask();
  expect(gate.allowed()).toBe('forbidden');
  audio.lets = true;
  gate.ask();
  expect(told).toEqual(['forbidden', 'allowed']);
  expect(audio.closed).toBe(1);
});

test('stopped, it tells nothing more and leaves no audio behind', () => {
  const { audio, open } = fakeAudio(false);
  const told: string[] = [];
  const gate = createSoundGate({ open, onChange: (allowed) => told.push(allowed) });
  gate.stop();
  gate.stop();
  audio.lets = true;
  gate.ask();
  vi.advanceTimersByTime(BEGIN_MS);
  expect(told).toEqual([]);
  expect(audio.closed).toBe(1);
});
