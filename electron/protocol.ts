import { failedPage, type PageFacts, SCRIPT, STYLE, startingPage } from './pages.ts';
import { originOf, SHELL_ORIGIN } from './policies/origins.ts';

export const STARTING_ADDRESS = `${SHELL_ORIGIN}/starting`;
export const FAILED_ADDRESS = `${SHELL_ORIGIN}/failed`;

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface ShellAnswer {
  status: number;
  type: string;
  body: string;
}

/**
 * Answers a request to the shell's own scheme. There are four names and no files behind them, so that no path,
 * however written, leads anywhere else.
 */
export function answerShell(request: { method: string; url: string }, facts: PageFacts): ShellAnswer {
  const refuse = (status: number): ShellAnswer => ({ status, type: 'text/plain', body: '' });
  if (request.method !== 'GET') return refuse(405);
  if (originOf(request.url) !== SHELL_ORIGIN) return refuse(404);
  switch (request.url.slice(SHELL_ORIGIN.length)) {
    case '/starting':
      return { status: 200, type: 'text/html', body: startingPage(facts) };
    case '/failed':
      return { status: 200, type: 'text/html', body: failedPage(facts) };
    case '/shell.css':
      return { status: 200, type: 'text/css', body: STYLE };
    case '/shell.js':
      return { status: 200, type: 'text/javascript', body: SCRIPT };
    default:
      return refuse(404);
  }
}

/** The answer as the browser wants it, with the headers that go with every one. */
export function toResponse({ status, type, body }: ShellAnswer): Response {
  return new Response(body, {
    status,
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  });
}
