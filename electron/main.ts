/** The desktop program: a hardened window on the hub that it keeps running in a process of its own. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, shell } from 'electron';
import { SHELL_QUIT_CHANNEL, SHELL_RETRY_CHANNEL } from '../native-bridge/contract.ts';
import { answerBridge } from './bridge-handlers.ts';
import { openHubLog } from './hub-log.ts';
import { readHubPort, writeHubPort } from './hub-port.ts';
import { createHubProcess, type HubState } from './hub-process.ts';
import { createIpc } from './ipc.ts';
import { menuTemplate } from './menu.ts';
import { readOptions } from './options.ts';
import { hubEnvironment } from './policies/hub-environment.ts';
import { SHELL_SCHEME } from './policies/origins.ts';
import { nodeHost, utilityHost } from './process-host.ts';
import { answerShell, toResponse } from './protocol.ts';
import { enforcePolicies } from './security.ts';
import { languageOf, stringsOf } from './strings.ts';
import { createWallWindows } from './wall-windows.ts';
import { type HubWindow, openMainWindow } from './window.ts';

/** Built, this file is dist/electron/main.js. */
const dist = dirname(dirname(fileURLToPath(import.meta.url)));

// With --no-sandbox (root on Linux) Electron would take the switch away from its children, and they would refuse to start.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: SHELL_SCHEME, privileges: { standard: true, secure: true } },
]);

if (app.requestSingleInstanceLock()) void app.whenReady().then(run);
else app.quit();

function run(): void {
  const userData = app.getPath('userData');
  const options = readOptions({
    argv: process.argv,
    environment: process.env,
    userData,
    packaged: app.isPackaged,
  });
  const language = languageOf(app.getLocale());
  const strings = stringsOf(language);
  const log = openHubLog(join(userData, 'logs', 'hub.log'), process.stderr);
  const portFile = join(userData, 'hub-port.json');
  let main: HubWindow | undefined;
  /** Why the console's page could not be shown, although the hub runs. */
  let pageFailure: { code: string; message: string } | undefined;

  const hub = createHubProcess({
    options,
    dist,
    port: { last: () => readHubPort(portFile), remember: rememberPort },
    env: hubEnvironment(process.env),
    startHub: options.hubNode ? nodeHost(options.hubNode) : utilityHost('Kalancha hub'),
    startChild: utilityHost('Kalancha demonstration'),
    log,
    monotonicMs: () => performance.now(),
    onChange: (state) => {
      pageFailure = undefined;
      show(state);
    },
  });
  const access = () => (hub.state.phase === 'ready' ? hub.state.access : undefined);

  enforcePolicies({ app, hub: access, log: log.line });
  protocol.handle(SHELL_SCHEME, (request) =>
    toResponse(
      answerShell(request, {
        language,
        strings,
        again: hub.state.phase === 'starting' && hub.state.again,
        failure: hub.state.phase === 'failed' ? hub.state : pageFailure,
        logFile: log.file,
      }),
    ),
  );
  const ipc = createIpc({
    ipcMain,
    hubOrigin: () => access()?.origin,
    windowOf: (contents) => BrowserWindow.fromWebContents(contents) ?? undefined,
    log: log.line,
  });
  const common = {
    title: language === 'ru' ? 'Каланча' : 'Kalancha',
    preload: join(dist, 'native-bridge', 'desktop.cjs'),
    developer: !app.isPackaged,
    log: log.line,
  };
  const walls = createWallWindows({
    ...common,
    stateFile: join(userData, 'walls.json'),
    hubOrigin: () => access()?.origin,
  });
  const bridge = answerBridge(ipc, walls, () => main?.focus());
  ipc.order(SHELL_RETRY_CHANNEL, retry);
  ipc.order(SHELL_QUIT_CHANNEL, () => app.quit());
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate(strings.menu, { macos: process.platform === 'darwin', developer: !app.isPackaged }),
    ),
  );

  function rememberPort(port: number): void {
    try {
      writeHubPort(portFile, port);
    } catch (error) {
      log.line(`the hub's port was not remembered: ${String(error)}`);
    }
  }

  function retry(): void {
    pageFailure = undefined;
    if (hub.state.phase === 'failed') hub.start();
    else show(hub.state);
  }

  let reopened = false;
  function show(state: HubState): void {
    if (state.phase === 'starting') walls.showStarting();
    else if (state.phase === 'ready') {
      walls.showHub(state.access.origin);
      if (!reopened) walls.reopen();
      reopened = true;
    }
    if (!main) return;
    if (state.phase === 'starting') main.showStarting();
    else if (state.phase === 'failed') main.showFailed();
    else if (state.phase === 'ready') {
      main.showHub(state.access.origin);
      if (state.firstLogin) void tellFirstLogin(main.window, state.firstLogin);
    }
  }

  async function tellFirstLogin(
    window: BrowserWindow,
    { login, file }: { login: string; file: string },
  ): Promise<void> {
    await dialog.showMessageBox(window, {
      type: 'info',
      title: strings.firstStartTitle,
      message: strings.firstStartTitle,
      detail: `${strings.firstStart.replace('{login}', login)}\n\n${file}`,
    });
    shell.showItemInFolder(file);
  }

  function openWindow(): void {
    main = openMainWindow({
      ...common,
      stateFile: join(userData, 'window.json'),
      onPageFailed: (message) => {
        if (hub.state.phase !== 'ready') return;
        pageFailure = { code: 'page-failed', message };
        main?.showFailed();
      },
    });
    main.window.on('closed', () => {
      main = undefined;
    });
    show(hub.state);
  }

  app.on('second-instance', () => {
    // The main window may have been closed while a wall stayed open.
    if (main) main.focus();
    else openWindow();
  });
  app.on('before-quit', () => walls.leaving());
  app.on('activate', () => {
    if (!main) openWindow();
  });
  // On macOS a program outlives its window; the hub records on.
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  let left = false;
  app.on('will-quit', (event) => {
    if (left) return;
    event.preventDefault();
    bridge.stop();
    // Electron takes no new order to quit before this one has been put off.
    void hub.stop().then(() =>
      setImmediate(() => {
        left = true;
        app.quit();
      }),
    );
  });

  openWindow();
  hub.start();
}
