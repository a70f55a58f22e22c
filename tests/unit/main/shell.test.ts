import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserWindow, BrowserWindowConstructorOptions, MenuItemConstructorOptions } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isOwnPage } from '../../../electron/main/address.ts';
import { PAGE_HEADERS } from '../../../electron/main/content-security.ts';
import {
  CHOOSE_FOLDERS,
  handleDialogs,
  SAVE_TEXT,
  type DialogOptions,
} from '../../../electron/main/dialogs.ts';
import { ENGINE_PORT } from '../../../electron/main/engine-life.ts';
import { libraryOf } from '../../../electron/main/library.ts';
import { menuTemplate, type MenuActions } from '../../../electron/main/menu.ts';
import { forbidNavigation } from '../../../electron/main/navigation.ts';
import { denyPermissions } from '../../../electron/main/permissions.ts';
import { becomeOnlyInstance } from '../../../electron/main/single-instance.ts';
import { placeWindow, readWindowState, writeWindowState } from '../../../electron/main/window-state.ts';
import { openWindow } from '../../../electron/main/window.ts';
import { rememberingLog } from '../../integration/hosts/small-engine.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tubelet-shell-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('the page’s own address', () => {
  it('is the page at any of its places, and nothing else', () => {
    expect(isOwnPage('app://tubelet/index.html')).toBe(true);
    expect(isOwnPage('app://tubelet/index.html#/search')).toBe(true);
    for (const url of [
      'https://example.com',
      'app://tubelet/other.html',
      'app://evil/index.html',
      'file:///etc/passwd',
      'app://tubelet/index.html.evil',
      'media://file/1',
    ]) {
      expect(isOwnPage(url), url).toBe(false);
    }
  });
});

describe('permissions', () => {
  function handlers() {
    const set: Parameters<typeof denyPermissions>[0] = {
      setPermissionRequestHandler: vi.fn(),
      setPermissionCheckHandler: vi.fn(),
      setDevicePermissionHandler: vi.fn(),
    };
    denyPermissions(set);
    const request = vi.mocked(set.setPermissionRequestHandler).mock.calls[0]![0]!;
    const check = vi.mocked(set.setPermissionCheckHandler).mock.calls[0]![0]!;
    const device = vi.mocked(set.setDevicePermissionHandler).mock.calls[0]![0]!;
    const asked = (permission: Parameters<typeof request>[1], requestingUrl: string): boolean => {
      const decide = vi.fn<(granted: boolean) => void>();
      request({} as never, permission, decide, { requestingUrl } as never);
      return decide.mock.calls[0]![0];
    };
    return { asked, check, device };
  }

  it('are denied, all of them', () => {
    const { asked, check, device } = handlers();
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'fileSystem',
      'display-capture',
      'pointerLock',
    ] as const) {
      expect(asked(permission, 'app://tubelet/index.html'), permission).toBe(false);
      expect(check(null, permission, 'app://tubelet', {} as never), permission).toBe(false);
    }
    expect(device({} as never)).toBe(false);
  });

  it('leave full screen to the app’s own page only', () => {
    const { asked, check } = handlers();
    expect(asked('fullscreen', 'app://tubelet/index.html')).toBe(true);
    expect(check(null, 'fullscreen', 'app://tubelet', {} as never)).toBe(true);
    expect(asked('fullscreen', 'https://example.com/')).toBe(false);
    expect(asked('fullscreen', 'app://tubelet.example.com/')).toBe(false);
  });
});

describe('navigation', () => {
  function contents() {
    const listeners = new Map<string, (event: unknown) => void>();
    let opener: ((details: { url: string }) => { action: string }) | undefined;
    const { log, entries } = rememberingLog();
    forbidNavigation(
      {
        on: (name: string, listener: (event: never) => void) => listeners.set(name, listener as never),
        setWindowOpenHandler: (handler: never) => {
          opener = handler;
        },
      } as never,
      log,
    );
    const go = (name: string, url: string): boolean => {
      const preventDefault = vi.fn();
      listeners.get(name)!({ preventDefault, url });
      return preventDefault.mock.calls.length === 0;
    };
    return { go, open: (url: string) => opener!({ url }), entries };
  }

  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('stays on the page at %s', (name) => {
    const { go, entries } = contents();
    expect(go(name, 'https://example.com/')).toBe(false);
    expect(go(name, 'file:///etc/passwd')).toBe(false);
    expect(entries).toHaveLength(2);
    expect(go(name, 'app://tubelet/index.html#/ask')).toBe(true);
  });

  it('opens no window and embeds no page', () => {
    const { go, open, entries } = contents();
    expect(open('https://example.com/')).toEqual({ action: 'deny' });
    expect(open('app://tubelet/index.html')).toEqual({ action: 'deny' });
    expect(go('will-attach-webview', '')).toBe(false);
    expect(entries).toHaveLength(3);
  });
});

describe('the window', () => {
  function opened(state: Parameters<typeof openWindow>[0]['state']) {
    let options: BrowserWindowConstructorOptions = {};
    const listeners = new Map<string, () => void>();
    const window = {
      webContents: { on: vi.fn(), setWindowOpenHandler: vi.fn() },
      once: (name: string, listener: () => void) => listeners.set(name, listener),
      on: (name: string, listener: () => void) => listeners.set(name, listener),
      loadURL: vi.fn(() => Promise.resolve()),
      show: vi.fn(),
      maximize: vi.fn(),
      getNormalBounds: () => ({ x: 10, y: 20, width: 900, height: 700 }),
      isMaximized: () => true,
    };
    openWindow({
      create: (given) => {
        options = given;
        return window as unknown as BrowserWindow;
      },
      preload: '/app/preload.cjs',
      state,
      statePath: join(folder, 'window.json'),
      workAreas: [{ x: 0, y: 0, width: 1920, height: 1080 }],
      dark: true,
      log: rememberingLog().log,
    });
    return { options, window, listeners };
  }

  it('is a sandboxed world of its own without Node', () => {
    const { options, window } = opened({ bounds: null, maximized: false });
    expect(options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true,
      preload: '/app/preload.cjs',
    });
    expect(window.loadURL).toHaveBeenCalledWith('app://tubelet/index.html#/library');
  });

  it('is shown once it has something to show, as large as it was', () => {
    const { options, window, listeners } = opened({ bounds: null, maximized: true });
    expect(options.show).toBe(false);
    expect(window.show).not.toHaveBeenCalled();
    listeners.get('ready-to-show')!();
    expect(window.maximize).toHaveBeenCalled();
    expect(window.show).toHaveBeenCalled();
  });

  it('keeps its place for the next time', () => {
    opened({ bounds: null, maximized: false }).listeners.get('close')!();
    expect(readWindowState(join(folder, 'window.json'), rememberingLog().log)).toEqual({
      bounds: { x: 10, y: 20, width: 900, height: 700 },
      maximized: true,
    });
  });
});

describe('the window’s place', () => {
  const screenOne = { x: 0, y: 0, width: 1920, height: 1080 };

  it('is read as it was written', () => {
    const path = join(folder, 'deep', 'window.json');
    const state = { bounds: { x: 1, y: 2, width: 1000, height: 800 }, maximized: false };
    writeWindowState(path, state);
    const { log, entries } = rememberingLog();
    expect(readWindowState(path, log)).toEqual(state);
    expect(entries).toEqual([]);
  });

  it('is the first one where nothing usable was kept, and that is written down', async () => {
    const path = join(folder, 'window.json');
    const { log, entries } = rememberingLog();
    expect(readWindowState(path, log)).toEqual({ bounds: null, maximized: false });
    expect(entries).toEqual([]);
    await writeFile(path, '{"bounds": "everywhere"');
    expect(readWindowState(path, log)).toEqual({ bounds: null, maximized: false });
    expect(entries).toHaveLength(1);
  });

  it.each([
    ['seen', { x: 100, y: 100, width: 1000, height: 800 }, { x: 100, y: 100, width: 1000, height: 800 }],
    [
      'on a display that is gone',
      { x: 3000, y: 100, width: 1000, height: 800 },
      { width: 1000, height: 800 },
    ],
    [
      'with its title bar out of reach',
      { x: 100, y: -400, width: 1000, height: 800 },
      { width: 1000, height: 800 },
    ],
    ['nearly off the edge', { x: 1900, y: 100, width: 1000, height: 800 }, { width: 1000, height: 800 }],
    ['too small', { x: 0, y: 0, width: 10, height: 10 }, { x: 0, y: 0, width: 800, height: 560 }],
  ])('that was %s', (_name, bounds, expected) => {
    expect(placeWindow({ bounds, maximized: false }, [screenOne])).toEqual(expected);
  });
});

describe('a second start', () => {
  it('ends at once and brings the first window forward', () => {
    const quit = vi.fn();
    const never = { requestSingleInstanceLock: () => false, quit, on: vi.fn() };
    expect(becomeOnlyInstance(never as never, () => null)).toBe(false);
    expect(quit).toHaveBeenCalled();

    let second: () => void = () => undefined;
    const window = { isMinimized: () => true, restore: vi.fn(), show: vi.fn(), focus: vi.fn() };
    const first = {
      requestSingleInstanceLock: () => true,
      quit: vi.fn(),
      on: (_name: string, listener: () => void) => {
        second = listener;
      },
    };
    expect(becomeOnlyInstance(first as never, () => window)).toBe(true);
    second();
    expect(window.restore).toHaveBeenCalled();
    expect(window.focus).toHaveBeenCalled();
  });
});

describe('dialogs', () => {
  type Handler = (event: unknown, ...request: unknown[]) => Promise<unknown>;

  function dialogs(chosen: { open?: string[]; save?: string }) {
    const handlers = new Map<string, Handler>();
    const { log, entries } = rememberingLog();
    const offered: { defaultPath?: string }[] = [];
    handleDialogs({
      ipcMain: { handle: (name: string, handler: Handler) => handlers.set(name, handler) },
      dialog: {
        showOpenDialog: () =>
          Promise.resolve({ canceled: chosen.open === undefined, filePaths: chosen.open ?? [] }),
        showSaveDialog: (options: { defaultPath?: string }) => {
          offered.push(options);
          return Promise.resolve({ canceled: chosen.save === undefined, filePath: chosen.save ?? '' });
        },
      },
      window: () => null,
      downloads: '/home/me/Downloads',
      log,
    } as unknown as DialogOptions);
    const ask = (name: string, url: string, ...request: unknown[]) =>
      handlers.get(name)!({ senderFrame: { url } }, ...request);
    return { ask, entries, offered };
  }
  const own = 'app://tubelet/index.html#/library';

  it('give the folders that were chosen, or null', async () => {
    expect(await dialogs({ open: ['/films', '/clips'] }).ask(CHOOSE_FOLDERS, own)).toEqual([
      '/films',
      '/clips',
    ]);
    expect(await dialogs({}).ask(CHOOSE_FOLDERS, own)).toBeNull();
  });

  it('save a text where the person says', async () => {
    const path = join(folder, 'walk.srt');
    await dialogs({ save: path }).ask(SAVE_TEXT, own, 'walk.srt', 'application/x-subrip', 'a dog');
    expect(await readFile(path, 'utf8')).toBe('a dog');
    await dialogs({}).ask(SAVE_TEXT, own, 'walk.srt', 'text/plain', 'a cat');
    expect(await readFile(path, 'utf8')).toBe('a dog');
  });

  it.each(['../../../etc/cron.d/evil', '..\\..\\evil', '/etc/evil'])(
    'offer %j as a plain name',
    async (name) => {
      const { ask, offered } = dialogs({});
      await ask(SAVE_TEXT, own, name, 'text/plain', '');
      expect(offered[0]!.defaultPath).toBe('/home/me/Downloads/evil');
    },
  );

  it('say why a text could not be saved', async () => {
    const { ask } = dialogs({ save: join(folder, 'nowhere', 'x.srt') });
    await expect(ask(SAVE_TEXT, own, 'x.srt', 'text/plain', '')).rejects.toMatchObject({
      code: 'unreadable',
    });
  });

  it('answer no other page and nothing malformed, and write both down', async () => {
    const { ask, entries } = dialogs({ open: ['/films'], save: join(folder, 'x') });
    await expect(ask(CHOOSE_FOLDERS, 'https://example.com/')).rejects.toMatchObject({ code: 'usage' });
    await expect(ask(SAVE_TEXT, own, { path: '/etc' })).rejects.toMatchObject({ code: 'usage' });
    expect(entries.map(({ level }) => level)).toEqual(['refused', 'refused']);
  });
});

describe('the menu', () => {
  function items(platform: NodeJS.Platform): MenuItemConstructorOptions[] {
    const none: MenuActions = { addFolders: vi.fn(), go: vi.fn(), press: vi.fn() };
    return flatten(menuTemplate(none, platform, 'Tubelet'));
  }

  function flatten(template: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
    return template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flatten(item.submenu) : [])]);
  }

  it('leaves plain keys to the page, so that they can be typed', () => {
    const plain = items('linux').filter(
      ({ accelerator }) => accelerator !== undefined && !/Ctrl|Cmd/.test(accelerator),
    );
    expect(plain.length).toBeGreaterThan(20);
    for (const { label, registerAccelerator } of plain) expect(registerAccelerator, label).toBe(false);
  });

  it.each(['linux', 'win32', 'darwin'] as const)('has no key twice on %s', (platform) => {
    const keys = items(platform)
      .map(({ accelerator }) => accelerator)
      .filter((key) => key !== undefined);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('presses the key that it shows, goes to places and adds folders', () => {
    const actions = { addFolders: vi.fn(), go: vi.fn(), press: vi.fn() };
    const all = flatten(menuTemplate(actions, 'linux', 'Tubelet'));
    const choose = (label: string): void => {
      (all.find((item) => item.label === label)!.click as () => void)();
    };
    choose('Next Match');
    choose('Back One Second');
    choose('Ask');
    choose('Add Folders…');
    expect(actions.press.mock.calls).toEqual([[{ keyCode: 'n' }], [{ keyCode: 'Left', shift: true }]]);
    expect(actions.go).toHaveBeenCalledWith('ask');
    expect(actions.addFolders).toHaveBeenCalledOnce();
  });
});

describe('the preload', () => {
  const source = readFileSync(new URL('../../../electron/preload/preload.ts', import.meta.url), 'utf8');

  it('uses the names that the main process answers to', () => {
    for (const name of [CHOOSE_FOLDERS, SAVE_TEXT, ENGINE_PORT]) expect(source).toContain(`'${name}'`);
  });

  it('imports Electron alone, because a sandboxed preload can load nothing else', () => {
    const imported = [...source.matchAll(/from '([^']+)'/g)].map(([, name]) => name);
    expect(imported).toEqual(['electron']);
  });
});

describe('the page’s policy in Electron', () => {
  it('allows nothing from anywhere else', () => {
    const sources = PAGE_HEADERS['content-security-policy']!.split('; ').flatMap((part) =>
      part.split(' ').slice(1),
    );
    const allowed = ["'none'", "'self'", "'unsafe-inline'", 'data:', 'blob:', 'media:'];
    expect(sources.filter((source) => !allowed.includes(source))).toEqual([]);
  });
});

describe('the library to open', () => {
  it('is the one that was named, else the person’s own', () => {
    expect(libraryOf(['app', '--library=/films/library'], '/own')).toBe('/films/library');
    expect(libraryOf(['app', '--library='], '/own')).toBe('/own');
    expect(libraryOf(['app'], '/own')).toBe('/own');
  });
});
