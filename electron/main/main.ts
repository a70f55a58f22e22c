import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeTheme,
  protocol,
  screen,
  session,
  utilityProcess,
} from 'electron';
import { resolveBinaries } from '../engine/media/binaries.ts';
import { openPreview } from '../engine/media/preview.ts';
import { probeInChild } from '../engine/models/probe.ts';
import { Once } from '../engine/once.ts';
import { defaultLibrary } from '../engine/library/location.ts';
import { systemClock } from '../hosts/contract/events.ts';
import { streamLog } from '../hosts/contract/log.ts';
import { Posters } from '../hosts/media/posters.ts';
import { placeUrl } from './address.ts';
import { chooseFolders, handleDialogs, type DialogOptions } from './dialogs.ts';
import { EngineLife } from './engine-life.ts';
import { libraryOf } from './library.ts';
import { menuTemplate } from './menu.ts';
import { denyPermissions } from './permissions.ts';
import { startInUtilityProcess } from './probe-process.ts';
import { handleProtocols, registerSchemes } from './protocols.ts';
import { becomeOnlyInstance } from './single-instance.ts';
import { readWindowState } from './window-state.ts';
import { openWindow } from './window.ts';

/*
 * The Electron shell: puts the modules of this folder together and holds the one window. Nothing here reads the
 * library or runs a model; the engine does, in a process of its own.
 */
const CLOSING_GRACE = 5000;
const log = streamLog(process.stderr);
const compiled = join(import.meta.dirname, '..');
const bundledPrograms = app.isPackaged ? join(process.resourcesPath, 'ffmpeg') : '';
const library = libraryOf(process.argv, defaultLibrary());
let window: BrowserWindow | null = null;

const startProbe = startInUtilityProcess((program, args, options) =>
  utilityProcess.fork(program, args, options),
);

const engine = new EngineLife({
  fork: () =>
    utilityProcess.fork(
      join(compiled, 'hosts', 'electron', 'engine-process.js'),
      [library, bundledPrograms],
      {
        serviceName: 'Tubelet engine',
        stdio: 'inherit',
      },
    ),
  channel: () => new MessageChannelMain(),
  probe: (request) => probeInChild(request, { start: startProbe }),
  clock: systemClock,
  log,
});

const dialogs: DialogOptions = {
  ipcMain,
  dialog,
  window: () => window,
  downloads: app.getPath('downloads'),
  log,
};

function showWindow(): void {
  const statePath = join(app.getPath('userData'), 'window.json');
  const opened = openWindow({
    create: (options) => new BrowserWindow(options),
    preload: join(compiled, 'preload', 'preload.cjs'),
    state: readWindowState(statePath, log),
    statePath,
    workAreas: screen.getAllDisplays().map((display) => display.workArea),
    dark: nativeTheme.shouldUseDarkColors,
    log,
  });
  window = opened;
  opened.webContents.on('did-finish-load', () => {
    engine.attach(opened.webContents);
  });
  opened.on('closed', () => {
    engine.detach(opened.webContents);
    window = null;
  });
}

function makeMenu(): void {
  const template = menuTemplate(
    {
      addFolders: () => {
        chooseFolders(dialogs).then(
          (paths) => {
            if (paths !== null) engine.addFolders(paths);
          },
          (error: unknown) => {
            log({ level: 'failed', what: 'choosing folders', detail: String(error) });
          },
        );
      },
      go: (place) => {
        window?.webContents.loadURL(placeUrl(place)).catch((error: unknown) => {
          log({ level: 'failed', what: 'going to a place', detail: String(error) });
        });
      },
      press: ({ keyCode, shift }) => {
        const modifiers: 'shift'[] = shift === true ? ['shift'] : [];
        for (const type of ['keyDown', 'keyUp'] as const) {
          window?.webContents.sendInputEvent({ type, keyCode, modifiers });
        }
      },
    },
    process.platform,
    app.name,
  );
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function start(): void {
  denyPermissions(session.defaultSession);
  const programs = new Once(() =>
    resolveBinaries(bundledPrograms === '' ? {} : { bundled: bundledPrograms }),
  );
  const posters = new Posters(() => programs.get());
  handleProtocols(protocol, {
    pageDirectory: join(compiled, '..', 'renderer'),
    media: {
      places: engine,
      log,
      async openPreview({ path, place }, from, signal) {
        if (place.facts === null) throw new TypeError('a preview without facts');
        return openPreview(path, place.facts, from, { binaries: await programs.get(), signal }).stream;
      },
      makePoster: (folder, signal) => posters.make(folder, signal),
    },
    log,
  });
  handleDialogs(dialogs);
  makeMenu();
  engine.start();
  showWindow();
}

registerSchemes(protocol);
if (becomeOnlyInstance(app, () => window)) {
  let closed = false;
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', () => {
    if (window === null) showWindow();
  });
  app.on('will-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    void engine.close(CLOSING_GRACE).then(() => {
      closed = true;
      app.quit();
    });
  });
  app.whenReady().then(start, (error: unknown) => {
    log({ level: 'failed', what: 'the app did not start', detail: String(error) });
    app.exit(1);
  });
}
