import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import '@mantine/dates/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './app/app.css';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { z } from 'zod';
import { createNativeBridge } from '../native-bridge/index.ts';
import { App } from './app/App.tsx';
import { Look } from './app/Look.tsx';
import { createQueryClient } from './hub/query-client.ts';
import { sessionKey } from './hub/session.tsx';
import { createI18n } from './i18n/i18n.ts';
import { BridgeProvider } from './ui/native.tsx';

// The hub's content policy forbids code made from text, which zod would otherwise try.
z.config({ jitless: true });

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root');

const i18n = createI18n(window.localStorage, navigator.languages);
const bridge = createNativeBridge();
const client = createQueryClient(() => client.setQueryData(sessionKey, null));

createRoot(root).render(
  <StrictMode>
    <I18nextProvider i18n={i18n}>
      <QueryClientProvider client={client}>
        <BridgeProvider bridge={bridge}>
          <Look>
            <Notifications position="bottom-right" limit={4} />
            <App />
          </Look>
        </BridgeProvider>
      </QueryClientProvider>
    </I18nextProvider>
  </StrictMode>,
);
