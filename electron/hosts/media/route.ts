/** What a media address asks for. */
export type MediaRoute =
  | { readonly kind: 'file'; readonly id: number }
  | { readonly kind: 'preview'; readonly id: number; readonly from: number }
  | { readonly kind: 'sheet'; readonly id: number; readonly sheet: number }
  | { readonly kind: 'poster'; readonly id: number };

const ID = '([1-9][0-9]{0,14})';
const FILE = new RegExp(`^/(?:media|file)/${ID}$`);
const PREVIEW = new RegExp(`^/preview/${ID}$`);
const SHEET = new RegExp(`^/sheets?/${ID}/([0-9]{1,6})$`);
const POSTER = new RegExp(`^/posters?/${ID}$`);
const SECONDS = /^[0-9]{1,7}(\.[0-9]{1,6})?$/;

/**
 * Reads a media address: `/media/7`, `/preview/7?from=12.5`, `/sheets/7/0`, `/posters/7` over HTTP; `media://file/7`,
 * `media://preview/7?from=12.5`, `media://sheet/7/0`, `media://poster/7` in Electron, given here as `/file/7` and so on. Ids
 * are plain decimal numbers: nothing that could be part of a path gets through. Null for anything else.
 */
export function parseMediaRoute(path: string, query: URLSearchParams): MediaRoute | null {
  const file = FILE.exec(path);
  if (file !== null) return { kind: 'file', id: Number(file[1]) };
  const preview = PREVIEW.exec(path);
  if (preview !== null) {
    const from = query.get('from') ?? '0';
    return SECONDS.test(from) ? { kind: 'preview', id: Number(preview[1]), from: Number(from) } : null;
  }
  const sheet = SHEET.exec(path);
  if (sheet !== null) return { kind: 'sheet', id: Number(sheet[1]), sheet: Number(sheet[2]) };
  const poster = POSTER.exec(path);
  return poster === null ? null : { kind: 'poster', id: Number(poster[1]) };
}
