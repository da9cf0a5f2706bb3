import { expect, it } from 'vitest';
import { NotTaken, receiverTrouble, storedTrouble, troubleStored } from './receiver-trouble.ts';

it.each([
  [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'receiver-nobody'],
  // `fetch` hides what it met, the mail library has it in its words alone.
  [
    new Error('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ENOTFOUND' }) }),
    'receiver-name',
  ],
  [Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:25'), { code: 'ESOCKET' }), 'receiver-nobody'],
  [Object.assign(new Error('Invalid login'), { code: 'EAUTH' }), 'receiver-password'],
  [new DOMException('timed out', 'TimeoutError'), 'receiver-silent'],
  [Object.assign(new Error('x'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'receiver-certificate'],
  [new NotTaken('example.org', 403), 'receiver-answered'],
  [new Error('fetch failed', { cause: new Error('bad port') }), 'receiver-other'],
])('%o is told by a code that every language words', (error, code) => {
  const trouble = receiverTrouble('example.org', error);
  expect(trouble).toMatchObject({ code, params: { host: 'example.org' } });
  expect(troubleStored('example.org', storedTrouble(trouble))).toEqual(trouble);
  if (code === 'receiver-other') expect(trouble.params).toMatchObject({ what: 'bad port' });
});

it('a sentence that an earlier version stored is still shown', () => {
  expect(troubleStored('example.org', 'nobody there')).toMatchObject({
    ...{ code: 'receiver-other', params: { what: 'nobody there' } },
  });
});
