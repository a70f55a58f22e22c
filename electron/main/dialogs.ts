import { writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { BrowserWindow, Dialog, IpcMain, IpcMainInvokeEvent } from 'electron';
import { z } from 'zod';
import { reportOf, TubeletError } from '../engine/errors.ts';
import type { Log } from '../hosts/contract/log.ts';
import { isOwnPage } from './address.ts';

/** Names of what the preload asks of the main process. */
export const CHOOSE_FOLDERS = 'tubelet:choose-folders';
export const SAVE_TEXT = 'tubelet:save-text';

const savedText = z.tuple([z.string().min(1).max(255), z.string().max(100), z.string().max(64_000_000)]);

/** What the dialogs rest on. */
export interface DialogOptions {
  readonly ipcMain: Pick<IpcMain, 'handle'>;
  readonly dialog: Pick<Dialog, 'showOpenDialog' | 'showSaveDialog'>;
  readonly window: () => BrowserWindow | null;
  /** Where files are offered to be saved. */
  readonly downloads: string;
  readonly log: Log;
}

/** Answers the preload's requests for the system's dialogs. Only the app's own page is answered. */
export function handleDialogs(options: DialogOptions): void {
  const { ipcMain, log } = options;
  ipcMain.handle(CHOOSE_FOLDERS, async (event) => {
    checkSender(event, log);
    return await chooseFolders(options);
  });
  ipcMain.handle(SAVE_TEXT, async (event, ...request: unknown[]) => {
    checkSender(event, log);
    const parsed = savedText.safeParse(request);
    if (!parsed.success) {
      log({ level: 'refused', what: 'malformed save' });
      throw new TubeletError('usage', 'The request to save is not as agreed.');
    }
    const [fileName, , content] = parsed.data;
    await saveText(options, fileName, content);
  });
}

/** Folders, or null where the person changed their mind. */
export async function chooseFolders({ dialog, window }: DialogOptions): Promise<string[] | null> {
  const open = window();
  const asked = {
    title: 'Choose folders with videos',
    buttonLabel: 'Add',
    properties: ['openDirectory' as const, 'multiSelections' as const],
  };
  const chosen =
    open === null ? await dialog.showOpenDialog(asked) : await dialog.showOpenDialog(open, asked);
  return chosen.canceled ? null : chosen.filePaths;
}

async function saveText(options: DialogOptions, fileName: string, content: string): Promise<void> {
  const open = options.window();
  // The page suggests a name only: where it goes, the person says.
  const name = basename(fileName.replaceAll('\\', '/'));
  const asked = {
    defaultPath: join(options.downloads, name),
    filters: [{ name: 'File', extensions: [extname(name).slice(1) || 'txt'] }],
  };
  const chosen =
    open === null
      ? await options.dialog.showSaveDialog(asked)
      : await options.dialog.showSaveDialog(open, asked);
  if (chosen.canceled) return;
  try {
    await writeFile(chosen.filePath, content);
  } catch (error) {
    throw new TubeletError('unreadable', reportOf(error).message, {
      path: chosen.filePath,
      hint: 'Choose another folder.',
      cause: error,
    });
  }
}

function checkSender(event: IpcMainInvokeEvent, log: Log): void {
  const url = event.senderFrame?.url ?? '';
  if (isOwnPage(url)) return;
  log({ level: 'refused', what: 'a request from a strange page', detail: url });
  throw new TubeletError('usage', 'Only the app itself may ask this.');
}
