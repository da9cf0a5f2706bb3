import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmail } from './email.ts';
import { letterOf } from './letter.ts';
import { type NoticeBench, openNoticeBench, T0 } from './test-notices.ts';
import type { Channel } from './types.ts';

let bench: NoticeBench;
beforeEach(async () => {
  bench = await openNoticeBench();
});
afterEach(() => bench.stop());

/** Letters go out by the server that listens there. */
function emailBy(server: Server): Channel {
  const address = server.address();
  return createEmail({
    ...{ host: '127.0.0.1', port: typeof address === 'object' ? (address?.port ?? 0) : 0, secure: false },
    ...{ requireTls: false, user: null, password: null, from: 'hub@example.org', to: ['duty@example.org'] },
    ...{ language: 'en', timeZone: 'Europe/Moscow', minSeverity: 'critical' },
  });
}

describe('a letter', () => {
  it('to a server that never answers is given up when the hub stops', async () => {
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const channel = emailBy(silent);
    bench.incident('a');
    const stopping = new AbortController();
    const sending = channel.send([{ kind: 'opened', at: T0, incident: bench.known('a') }], stopping.signal);
    const [socket] = await once(silent, 'connection');
    stopping.abort(new Error('stopping'));
    await expect(sending).rejects.toThrow('stopping');
    socket.destroy();
    channel.stop();
    await new Promise((resolve) => silent.close(resolve));
  });

  it('names the worst first with true city times over the change of clocks, and holds no header of its own', () => {
    bench.incident('a', {
      severity: 'warning',
      affected: 1,
      subject: { kind: 'device', id: 'a', name: 'Точка\r\nBcc: x@y', address: null },
    });
    bench.incident('b', { clearedAt: Date.UTC(2026, 9, 25, 1, 30) });
    const { subject, text } = letterOf(
      ['a', 'b'].map((id) => ({ kind: 'cleared' as const, at: T0, incident: bench.known(id) })),
      'ru',
      'Europe/Berlin',
    );
    expect(subject).toBe('Каланча: инцидентов: 2');
    expect(text.indexOf('Коммутатор b')).toBeLessThan(text.indexOf('Точка Bcc'));
    expect(text).toContain('01:30:00 GMT+2 – 25.10.2026, 02:30:00 GMT+1');
    expect(
      letterOf([{ kind: 'opened', at: T0, incident: bench.known('a') }], 'ru', 'Europe/Moscow').subject,
    ).toBe('Каланча: Точка Bcc: x@y — нет связи');
  });

  it('says of what is over that it is, and of what goes on as a part of another that it does', () => {
    const over = { clearedAt: T0 + 5_000 };
    bench.incident('a', over);
    bench.incident('p', { ...over, partOf: { id: 'i', name: 'Switch 1' } });
    const lettersOf = (id: string, language: 'ru' | 'en') =>
      letterOf([{ kind: 'cleared', at: T0, incident: bench.known(id) }], language, 'Europe/Moscow');
    expect(lettersOf('a', 'ru').subject).toMatch(/^Каланча: Причина исчезла: Коммутатор a — /);
    expect(lettersOf('p', 'en').text).toMatch(/^Part of the incident “Switch 1”: Коммутатор p — /);
    expect(lettersOf('p', 'en').text).not.toContain('Cause gone');
  });

  it('names what is out of bounds, and when it is sound again', () => {
    const measured = (metric: string, value: number, side: 'above' | 'below', clear: number) => ({
      ...{ metric, value, side, clear },
    });
    bench.incident('hot', {
      ...{ cause: 'degraded', reason: 'threshold' },
      exceeded: [measured('temperature', 88.04, 'above', 75), measured('of-a-newer-hub', 3, 'below', 5.5)],
    });
    const textIn = (language: 'ru' | 'en') =>
      letterOf([{ kind: 'opened', at: T0, incident: bench.known('hot') }], language, 'Europe/Moscow').text;
    expect(textIn('ru')).toContain(
      '\n  температура 88 °C (норма — не выше 75 °C)\n  of-a-newer-hub 3 (норма — не ниже 5,5)\n',
    );
    expect(textIn('en')).toContain('\n  temperature 88 °C (sound at 75 °C and below)\n');
  });

  it('reaches a real SMTP server', async () => {
    const letters: string[] = [];
    const smtp = new SMTPServer({
      ...{ authOptional: true, disabledCommands: ['STARTTLS'] },
      onData(stream, _session, done) {
        let text = '';
        stream.on('data', (chunk) => {
          text += String(chunk);
        });
        stream.on('end', () => {
          letters.push(text);
          done();
        });
      },
    });
    const listening = smtp.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    const channel = emailBy(listening);
    bench.incident('a');
    await channel.send([{ kind: 'opened', at: T0, incident: bench.known('a') }], AbortSignal.timeout(10_000));
    expect(letters[0]).toContain('To: duty@example.org');
    channel.stop();
    await new Promise<void>((resolve) => smtp.close(() => resolve()));
  });
});
