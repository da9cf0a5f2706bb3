import { expect, test } from 'vitest';
import { createNotices, type ShownNotice } from './notices.ts';

interface FakeNotice extends ShownNotice {
  title: string;
  fire(event: 'click' | 'close'): void;
}

/** A system that shows notices; what was done is written down. */
function fakeSystem() {
  const done: string[] = [];
  const shown: FakeNotice[] = [];
  const notices = createNotices({
    make({ title }) {
      const listeners = new Map<string, () => void>();
      const notice: FakeNotice = {
        title,
        on: (event, listener) => void listeners.set(event, listener),
        show: () => done.push(`show ${title}`),
        close: () => done.push(`close ${title}`),
        fire: (event) => listeners.get(event)?.(),
      };
      shown.push(notice);
      return notice;
    },
  });
  const asker = {
    focus: () => void done.push('focus'),
    tell: ({ opens }: { opens: string }) => void done.push(`open ${opens}`),
  };
  return { done, shown, notices, asker };
}

test('a click brings the asking window forward, then tells it what to open', () => {
  const { done, shown, notices, asker } = fakeSystem();
  const opens = '/incidents?incident=0190-ab';
  expect(notices.notify({ title: 'a', body: '', opens }, asker)).toEqual({ shown: true });
  notices.notify({ title: 'b', body: '' }, asker);
  for (const notice of shown) notice.fire('click');
  expect(done).toEqual(['show a', 'show b', 'focus', `open ${opens}`, 'focus']);
});

test('a tag has one notice at a time', () => {
  const { done, shown, notices, asker } = fakeSystem();
  notices.notify({ title: 'a', body: '', tag: 'x' }, asker);
  notices.notify({ title: 'b', body: '', tag: 'x' }, asker);
  // The system tells late of the first one: the second is still the tag's.
  shown[0]?.fire('close');
  notices.notify({ title: 'c', body: '', tag: 'x' }, asker);
  shown[2]?.fire('close');
  notices.notify({ title: 'd', body: '', tag: 'x' }, asker);
  expect(done).toEqual(['show a', 'close a', 'show b', 'close b', 'show c', 'show d']);
});

test('a system without notices says so', () => {
  const { notify } = createNotices({ make: undefined });
  const asker = { focus: () => undefined, tell: () => undefined };
  expect(notify({ title: 'a', body: '' }, asker)).toEqual({ shown: false });
});
