import { expect, test } from 'vitest';
import { allowedExternal } from './external.ts';

test.each([
  ['http://www.openstreetmap.org/copyright'],
  ['https://www.openstreetmap.org/copyright-of-mine'],
  ['https://www.openstreetmap.org/user/somebody'],
  ['https://www.openstreetmap.org.evil.example/copyright'],
  ['https://evil.example/https://leafletjs.com/'],
  ['https://leafletjs.com@evil.example/'],
  ['https://user:secret@leafletjs.com/'],
  ['https://leafletjs.com:8443/'],
  ['https://evil.example\\@leafletjs.com/'],
  ['file:///etc/passwd'],
  ['javascript:alert(1)'],
  ['smb://leafletjs.com/share'],
  ['ms-msdt:/id'],
  ['leafletjs.com'],
  [''],
])('%s is not opened', (address) => {
  expect(allowedExternal(address)).toBeUndefined();
});

test("the map's attribution is", () => {
  expect(allowedExternal('https://www.openstreetmap.org/copyright')).toBe(
    'https://www.openstreetmap.org/copyright',
  );
  expect(allowedExternal('https://www.openstreetmap.org/copyright/ru')).toBeDefined();
  expect(allowedExternal('https://leafletjs.com')).toBe('https://leafletjs.com/');
});
