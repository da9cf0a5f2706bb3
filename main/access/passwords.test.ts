import { expect, test } from 'vitest';
import { createPasswords } from './passwords.ts';

test('a password fits its own hash alone; without a hash nothing fits', async () => {
  const passwords = await createPasswords();
  const stored = await passwords.hash('Tr0ubadour-staple');
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await passwords.verify(stored, 'Tr0ubadour-staple')).toBe(true);
  expect(await passwords.verify(stored, 'Tr0ubadour-stapl')).toBe(false);
  expect(await passwords.verify(undefined, '')).toBe(false);
  expect(await passwords.verify('', '')).toBe(false);
});

test('tells what was stored with other parameters', async () => {
  const passwords = await createPasswords();
  expect(passwords.outdated(await passwords.hash('Tr0ubadour-staple'))).toBe(false);
  expect(passwords.outdated('$argon2id$v=19$m=4096,t=3,p=1$c29tZXNhbHRzb21l$YWJjZGVmZ2hpamtsbW5vcA')).toBe(
    true,
  );
});

test('a crowd at the door waits or is sent away, and everybody gets an answer', async () => {
  const passwords = await createPasswords();
  const answers = await Promise.allSettled(
    Array.from({ length: 80 }, () => passwords.verify(undefined, 'x')),
  );
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(66);
  const refused = answers.find(({ status }) => status === 'rejected');
  expect(refused).toMatchObject({ reason: { code: 'busy', status: 503 } });
  expect(await passwords.verify(undefined, 'x')).toBe(false);
});
