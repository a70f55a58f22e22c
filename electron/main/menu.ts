import type { MenuItemConstructorOptions } from 'electron';

/** What the menu does. */
export interface MenuActions {
  /** Shows the system's dialog and adds what was chosen. */
  addFolders(): void;
  /** Goes to a place in the app. */
  go(place: 'library' | 'search' | 'ask' | 'health' | 'settings'): void;
  /** Presses a key in the page, as if typed. */
  press(key: PageKey): void;
}

/** A key of the page, in the words of Electron's input events. */
export interface PageKey {
  readonly keyCode: string;
  readonly shift?: boolean;
}

/**
 * The native menu. The page's plain keys (`N`, `J`, `/` …) are shown beside their items but stay with the page, so that
 * they still can be typed into text; choosing such an item presses the key in the page. Everything that the page does
 * by key is in the menu, which makes it reachable for screen readers and for those who look rather than remember.
 */
export function menuTemplate(
  actions: MenuActions,
  platform: NodeJS.Platform,
  appName: string,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const key = (label: string, keyCode: string, options: { shift?: boolean; shown?: string } = {}) =>
    ({
      label,
      accelerator: options.shown ?? (options.shift === true ? `Shift+${keyCode}` : keyCode),
      registerAccelerator: false,
      click: () => {
        // A letter without Shift is a small one.
        const pressed = /^[A-Z]$/.test(keyCode) ? keyCode.toLowerCase() : keyCode;
        actions.press(options.shift === true ? { keyCode: pressed, shift: true } : { keyCode: pressed });
      },
    }) satisfies MenuItemConstructorOptions;
  const place = (label: string, where: Parameters<MenuActions['go']>[0], accelerator: string) =>
    ({
      label,
      accelerator,
      click: () => {
        actions.go(where);
      },
    }) satisfies MenuItemConstructorOptions;
  const addFolders: MenuItemConstructorOptions = {
    label: 'Add Folders…',
    accelerator: 'CmdOrCtrl+O',
    click: () => {
      actions.addFolders();
    },
  };
  return [
    ...(mac
      ? [
          {
            label: appName,
            submenu: [
              { role: 'about' as const },
              separator,
              place('Settings…', 'settings', 'Cmd+,'),
              separator,
              { role: 'services' as const },
              separator,
              { role: 'hide' as const },
              { role: 'hideOthers' as const },
              { role: 'unhide' as const },
              separator,
              { role: 'quit' as const },
            ],
          },
        ]
      : []),
    {
      label: '&File',
      submenu: mac
        ? [addFolders, separator, { role: 'close' }]
        : [addFolders, separator, place('Settings', 'settings', 'Ctrl+,'), separator, { role: 'quit' }],
    },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&Go',
      submenu: [
        place('Library', 'library', 'CmdOrCtrl+1'),
        place('Search', 'search', 'CmdOrCtrl+2'),
        place('Ask', 'ask', 'CmdOrCtrl+3'),
        place('Health', 'health', 'CmdOrCtrl+4'),
        separator,
        key('Search Box', '/'),
        key('Back', 'Escape', { shown: 'Esc' }),
      ],
    },
    {
      label: '&Play',
      submenu: [
        key('Play or Pause', 'Space'),
        key('Backward', 'J'),
        key('Stop', 'K'),
        key('Forward', 'L'),
        separator,
        key('Next Match', 'N'),
        key('Previous Match', 'P'),
        key('Find More Like This', 'F'),
        separator,
        key('Previous Frame', 'Left'),
        key('Next Frame', 'Right'),
        key('Back One Second', 'Left', { shift: true }),
        key('On One Second', 'Right', { shift: true }),
        key('Previous Cut', 'Up'),
        key('Next Cut', 'Down'),
        key('Beginning', 'Home'),
        key('End', 'End'),
        separator,
        key('Mark In', 'I'),
        key('Mark Out', 'O'),
        key('Clear Marks', 'X'),
        separator,
        key('Slower', '['),
        key('Faster', ']'),
        key('Mute', 'M'),
      ],
    },
    {
      label: '&View',
      submenu: [
        key('Zoom Timeline In', '+', { shown: 'Plus' }),
        key('Zoom Timeline Out', '-'),
        key('Video in Full Screen', 'Enter', { shift: true }),
        separator,
        { role: 'resetZoom', label: 'Text at Usual Size' },
        { role: 'zoomIn', label: 'Larger Text' },
        { role: 'zoomOut', label: 'Smaller Text' },
        separator,
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [key('All Keys', '?')] },
  ];
}
