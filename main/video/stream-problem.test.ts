import { expect, test } from 'vitest';
import { codecName, problemOf, scrub } from './stream-problem.ts';

/** What Debian's ffmpeg 5.1 really wrote, word for word. */
const said: [string, string, string[]][] = [
  [
    'unauthorised',
    'a wrong password (digest)',
    [
      '[rtsp @ 0x558b221dc9c0] method DESCRIBE failed: 401 Unauthorized',
      "[concat @ 0x558b221cab40] Impossible to open 'rtsp://bob:wrong@192.0.2.7/p'",
      'pipe:0: Server returned 401 Unauthorized (authorization failed)',
    ],
  ],
  [
    'not-found',
    'a wrong path',
    [
      '[rtsp @ 0x55e9a7d299c0] method DESCRIBE failed: 404 Not Found',
      "[concat @ 0x55e9a7d17b40] Impossible to open 'rtsp://192.0.2.7/p'",
      'pipe:0: Server returned 404 Not Found',
    ],
  ],
  [
    'refused',
    'a transport that is not offered',
    [
      '[rtsp @ 0x55b631b359c0] method SETUP failed: 461 Unsupported transport',
      "[concat @ 0x55b631b23b40] Impossible to open 'rtsp://192.0.2.7/u'",
      'pipe:0: Protocol not supported',
    ],
  ],
  [
    'refused',
    'a closed port',
    [
      '[tcp @ 0x55b80f94fb00] Connection to tcp://127.0.0.1:1?timeout=5000000 failed: Connection refused',
      "[concat @ 0x55b80f93ab40] Impossible to open 'rtsp://127.0.0.1:1/x'",
      'pipe:0: Connection refused',
    ],
  ],
  [
    'unreachable',
    'a name that nobody knows',
    [
      '[tcp @ 0x561b1bac7a00] Failed to resolve hostname nosuch.invalid: Name or service not known',
      "[concat @ 0x561b1bab2b40] Impossible to open 'rtsp://nosuch.invalid/x'",
      'pipe:0: Input/output error',
    ],
  ],
  [
    'no-video',
    'sound alone',
    ["Stream map '0:v:0' matches no streams.", "To ignore this, add a trailing '?' to the map."],
  ],
  [
    'not-video',
    'a text file',
    [
      "[concat @ 0x55a59cf479c0] Impossible to open 'http://127.0.0.1:18080/notvideo.txt'",
      'pipe:0: Invalid data found when processing input',
    ],
  ],
  [
    'refused',
    'a server in trouble',
    [
      "[concat @ 0x565513c63b40] Impossible to open 'http://127.0.0.1:18554/a'",
      'pipe:0: Server returned 5XX Server Error reply',
    ],
  ],
  [
    'ended',
    'a connection cut in the middle',
    ['[http @ 0x556ca6d077c0] Stream ends prematurely at 44, should be 141602', 'pipe:0: Input/output error'],
  ],
];

test.each(said)('%s: %s', (code, _what, lines) => {
  const problem = problemOf(lines, ['bob:wrong@', 'wrong']);
  expect(problem.code).toBe(code);
  expect(problem.detail).not.toMatch(/wrong|0x/);
});

test('silence means that the server ended the stream; unknown words are kept for the technician', () => {
  expect(problemOf([], [])).toEqual({ code: 'ended', detail: 'the server closed the stream' });
  expect(problemOf(['  ', '[x @ 0x1234abcd] Something new'], [])).toEqual({
    code: 'unknown',
    detail: '[x] Something new',
  });
});

test('a line loses every secret, known or not, and every address', () => {
  const line = "Impossible to open 'rtsp://admin:p%40ss@cam/live?token=abc123&x=1' p@ss";
  const clean = scrub(line, ['p@ss', 'p%40ss']);
  expect(clean).not.toMatch(/p@ss|p%40ss|abc123|admin/);
  // Where the camera stands is nobody's business who only looks at it.
  expect(clean).toContain('[address]');
  expect(clean).not.toContain('cam/live');
});

test('codecs have the names that people know', () => {
  expect(codecName('hvc1')).toBe('H.265');
  expect(codecName('hev1')).toBe('H.265');
  expect(codecName('xyz1')).toBe('xyz1');
});

test('where a camera stands in the network is nobody’s business who may only see how it does', () => {
  for (const line of [
    '[tcp @ 0x561b1bac7a00] Failed to resolve hostname cam-7.video.internal: Name or service not known',
    'Connection to 10.20.30.40:554 failed',
    '[tcp @ 0x55b80f94fb00] Connection to tcp://10.20.30.40:1?timeout=5000000 failed: Connection refused',
  ])
    expect(scrub(line, [])).not.toMatch(/10\.20\.30\.40|video\.internal/);
  expect(scrub('method SETUP failed: 461 Unsupported transport', [])).toBe(
    'method SETUP failed: 461 Unsupported transport',
  );
});
