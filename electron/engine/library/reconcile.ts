import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import type { ErrorReport } from '../errors.ts';
import type { IndexMode } from '../media/types.ts';
import { fingerprintOf } from './fingerprint.ts';
import { problemOf, walk, type WalkedFile } from './scan.ts';
import type { FoundFile, IndexStore, MediaRow, RootRow } from './types.ts';

/** How what lies on the disk is brought together with what the library knows. */
export interface ReconcileOptions {
  /** How new files will be looked at. */
  readonly mode: IndexMode;
  /** Files made with another revision, or failed before, are queued again only if the person asked for it. */
  readonly retry: boolean;
  /** Also look again at files that were indexed in `fast` mode. */
  readonly deepen: boolean;
  readonly packRevision: string;
  readonly priority: number;
  readonly signal?: AbortSignal;
}

/** What a reconciliation saw. The lists hold ids of media. */
export interface Reconciled {
  /** Every file that lies there now, in the order of the paths. */
  readonly present: readonly number[];
  readonly added: readonly number[];
  readonly changed: readonly number[];
  readonly moved: readonly number[];
  readonly missing: readonly number[];
  readonly problems: readonly (ErrorReport & { readonly path: string })[];
}

/**
 * Walks a path that the person gave and makes the library agree with it: new files are added, changed ones lose their
 * index, moved or renamed ones keep it, vanished ones are marked. Whatever then has work before it is queued.
 *
 * @throws TubeletError `not-found` or `unreadable` where the path itself cannot be looked at.
 */
export async function reconcile(
  store: IndexStore,
  path: string,
  options: ReconcileOptions,
): Promise<Reconciled> {
  const given = resolve(path);
  const found = await walk(given, [store.directory, await realpath(store.directory)], options.signal);
  const root = rootFor(store, given);
  const problems = [...found.problems];
  const seen = {
    present: [] as number[],
    added: [] as number[],
    changed: [] as number[],
    moved: [] as number[],
  };
  for (const walked of found.files) {
    options.signal?.throwIfAborted();
    try {
      await meet(store, root, walked, options, seen);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
      problems.push(problemOf(error, walked.path));
    }
  }
  const missing = markMissing(store, given, seen.present, problems);
  return { ...seen, missing, problems };
}

/** The root that a path belongs to: one that holds it already, else a new one. */
function rootFor(store: IndexStore, path: string): RootRow {
  return store.roots().find((root) => contains(root.path, path)) ?? store.addRoot(path);
}

/** True where `path` is the folder itself or lies inside it. */
export function contains(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

async function meet(
  store: IndexStore,
  root: RootRow,
  walked: WalkedFile,
  options: ReconcileOptions,
  seen: { present: number[]; added: number[]; changed: number[]; moved: number[] },
): Promise<void> {
  const known = store.mediaByPath(walked.path);
  const untouched = known?.bytes === walked.bytes && known.modifiedAt === walked.modifiedAt;
  const file: FoundFile = {
    ...walked,
    fingerprint: untouched ? known.fingerprint : await fingerprintOf(walked.path),
  };
  const writes = store.writes();
  let media: MediaRow;
  if (known === undefined) {
    const moved = store.mediaByFingerprint(file.fingerprint).find((row) => !existsSync(row.path));
    if (moved === undefined) {
      media = store.addMedia(root.id, file, options.mode);
      seen.added.push(media.id);
    } else {
      store.refreshMedia(moved.id, root.id, { ...file, kind: moved.kind });
      media = moved;
      seen.moved.push(media.id);
    }
  } else {
    media = known;
    if (known.fingerprint !== file.fingerprint) {
      store.replaceContent(known.id, known.rootId, file);
      seen.changed.push(known.id);
    } else if (!untouched) {
      store.refreshMedia(known.id, known.rootId, { ...file, kind: known.kind });
    }
  }
  if (media.state === 'missing') store.markFound(media.id);
  seen.present.push(media.id);
  // Nearly always nothing was written, and the row is as it was.
  const present = store.writes() === writes ? media : (store.media(media.id) ?? media);
  queueIfDue(store, present, options);
}

function queueIfDue(store: IndexStore, media: MediaRow, options: ReconcileOptions): void {
  const deepen = options.deepen && media.mode === 'fast';
  const stale = media.state === 'indexed' && media.packRevision !== options.packRevision;
  const due =
    media.state === 'waiting' ||
    media.state === 'indexing' ||
    deepen ||
    (options.retry && (media.state === 'failed' || stale));
  if (due) store.enqueue(media.id, options.priority, deepen ? 'thorough' : undefined);
}

function markMissing(
  store: IndexStore,
  given: string,
  present: readonly number[],
  problems: readonly { readonly path: string }[],
): number[] {
  const here = new Set(present);
  const gone = store
    .mediaPlaces()
    .filter((media) => media.state !== 'missing' && contains(given, media.path) && !here.has(media.id))
    // What cannot be read now is not gone: an unreadable folder says nothing of the files inside.
    .filter((media) => !problems.some((problem) => contains(problem.path, media.path)));
  for (const media of gone) store.markMissing(media.id);
  return gone.map((media) => media.id);
}
