import { type App, type Session, session, shell, type WebContents } from 'electron';
import { type HubAccess, withLaunchHeader } from './policies/launch-header.ts';
import { mayDownload, mayNavigate, windowOpenDecision } from './policies/navigation.ts';
import { mayUse } from './policies/permissions.ts';

export interface SecurityParts {
  app: App;
  /** The hub that runs now, if one does. */
  hub: () => HubAccess | undefined;
  log: (text: string) => void;
}

/** Puts the policies in force for every page there will ever be. Before the first window is opened. */
export function enforcePolicies({ app, hub, log }: SecurityParts): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, hub, log));
  // A client certificate or a password of the proxy is nothing that a page may make the shell ask for.
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault();
    callback();
  });
  guardSession(session.defaultSession, hub, log);
}

function guardContents(contents: WebContents, hub: SecurityParts['hub'], log: SecurityParts['log']): void {
  const stay = (event: { preventDefault(): void; url: string; isMainFrame: boolean }): void => {
    const from = { address: contents.getURL(), isMainFrame: event.isMainFrame };
    if (mayNavigate(event.url, from, hub()?.origin)) return;
    event.preventDefault();
    log(`navigation refused: ${event.url.slice(0, 200)}`);
  };
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('select-bluetooth-device', (event, _devices, callback) => {
    event.preventDefault();
    callback('');
  });
  contents.setWindowOpenHandler(({ url }) => {
    const { action, external } = windowOpenDecision(url);
    if (external === undefined) log(`window refused: ${url.slice(0, 200)}`);
    else void shell.openExternal(external);
    return { action };
  });
}

function guardSession(ses: Session, hub: SecurityParts['hub'], log: SecurityParts['log']): void {
  ses.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const asking = { address: details.requestingUrl, isMainFrame: details.isMainFrame };
    callback(mayUse(permission, asking, hub()?.origin));
  });
  ses.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) =>
    mayUse(permission, { address: requestingOrigin, isMainFrame: details.isMainFrame }, hub()?.origin),
  );
  ses.setDevicePermissionHandler(() => false);
  ses.setUSBProtectedClassesHandler(({ protectedClasses }) => protectedClasses);
  ses.setDisplayMediaRequestHandler((_request, callback) => callback({}));
  ses.on('select-hid-device', (event, _details, callback) => {
    event.preventDefault();
    callback();
  });
  ses.on('select-serial-port', (event, _ports, _contents, callback) => {
    event.preventDefault();
    callback('');
  });
  ses.on('select-usb-device', (event, _details, callback) => {
    event.preventDefault();
    callback();
  });
  ses.on('will-download', (event, item) => {
    if (mayDownload(item.getURL(), hub()?.origin)) return;
    event.preventDefault();
    log(`download refused: ${item.getURL().slice(0, 200)}`);
  });
  ses.webRequest.onBeforeSendHeaders(({ url, requestHeaders }, callback) =>
    callback({ requestHeaders: withLaunchHeader(url, requestHeaders, hub()) }),
  );
}
