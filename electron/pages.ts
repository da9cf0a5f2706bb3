import type { Language, Strings } from './strings.ts';

/** What the shell's pages tell, beside the words. */
export interface PageFacts {
  language: Language;
  strings: Strings;
  again: boolean;
  failure: { code: string; message: string } | undefined;
  logFile: string;
}

/** The window's colour before anything is painted, so that nothing flashes white. */
export const BACKGROUND = '#0e141a';

export const STYLE = `
:root { color-scheme: dark; font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; color: #dfe5ec; background: ${BACKGROUND}; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { max-width: 38rem; padding: 2rem; }
h1 { font-size: 1.35rem; font-weight: 600; margin: 0 0 .75rem; }
p { margin: 0 0 .75rem; color: #bfc9d4; }
h2 { font-size: .8rem; font-weight: 600; margin: 1.25rem 0 .25rem; color: #9aa6b4; }
pre { margin: 0; padding: .75rem; border-radius: 4px; background: #1a222c; white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
button { font: inherit; padding: .45rem 1.1rem; margin: 1.5rem .5rem 0 0; border-radius: 4px; border: 1px solid #4b5867; background: #222c37; color: inherit; }
button.first { background: #2f70bb; border-color: #2f70bb; color: #fff; }
button:focus-visible { outline: 2px solid #7cb1e9; outline-offset: 2px; }
.bar { height: 3px; margin: 1.25rem 0; background: #222c37; overflow: hidden; border-radius: 2px; }
.bar i { display: block; width: 30%; height: 100%; background: #4188d6; animation: run 1.4s ease-in-out infinite; }
@keyframes run { from { transform: translateX(-100%); } to { transform: translateX(340%); } }
@media (prefers-reduced-motion: reduce) { .bar i { animation-duration: 6s; } }
`;

export const SCRIPT = `
for (const action of ['retry', 'quit'])
  document.getElementById(action)?.addEventListener('click', () => window.kalanchaShell[action]());
`;

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

const page = (language: Language, body: string): string => `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<title>${language === 'ru' ? 'Каланча' : 'Kalancha'}</title>
<link rel="stylesheet" href="/shell.css">
<main>${body}</main>
<script src="/shell.js" defer></script>
</html>`;

export function startingPage({ language, strings, again }: PageFacts): string {
  return page(
    language,
    `<h1 role="status">${escapeHtml(again ? strings.startingAgain : strings.starting)}</h1>
<div class="bar"><i></i></div>
<p>${escapeHtml(again ? strings.recordingStands : strings.startingFirst)}</p>`,
  );
}

export function failedPage({ language, strings, failure, logFile }: PageFacts): string {
  const advice = Object.hasOwn(strings.advice, failure?.code ?? '')
    ? strings.advice[failure?.code ?? '']
    : strings.adviceOther;
  return page(
    language,
    `<h1 role="alert">${escapeHtml(strings.failed)}</h1>
<p>${escapeHtml(advice ?? strings.adviceOther)}</p>
<p>${escapeHtml(strings.recordingStands)}</p>
<h2>${escapeHtml(strings.details)}</h2>
<pre>${escapeHtml(failure ? `${failure.code}: ${failure.message}` : '')}</pre>
<h2>${escapeHtml(strings.log)}</h2>
<pre>${escapeHtml(logFile)}</pre>
<button class="first" id="retry">${escapeHtml(strings.retry)}</button><button id="quit">${escapeHtml(strings.quit)}</button>`,
  );
}
