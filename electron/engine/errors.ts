/**
 * Errors a person can read: a code for programs, a message that says what happened, the file it happened to,
 * and a hint that says what to do next.
 */

/** Every way in which the engine can fail; hosts and the renderer switch on it. */
export type ErrorCode =
  | 'usage'
  | 'not-found'
  | 'unreadable'
  | 'not-media'
  | 'no-video-stream'
  | 'damaged'
  | 'too-slow'
  | 'disk-full'
  | 'library-busy'
  | 'library-newer'
  | 'library-damaged'
  | 'ffmpeg-missing'
  | 'ffmpeg-failed'
  | 'pack-missing'
  | 'pack-invalid'
  | 'pack-incapable'
  | 'outside-library'
  | 'cancelled'
  | 'internal';

/** What an error looks like when it is stored, sent over a host or printed with `--json`. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  readonly path?: string;
  readonly hint?: string;
}

/** The one error class that the engine throws on purpose. Anything else is a defect and becomes `internal`. */
export class TubeletError extends Error {
  override readonly name = 'TubeletError';
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly hint: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { path?: string; hint?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.path = options.path;
    this.hint = options.hint;
  }
}

/** True for the error that an aborted operation throws, ours or the platform's. */
export function isCancelled(error: unknown): boolean {
  return (
    (error instanceof TubeletError && error.code === 'cancelled') ||
    (error instanceof Error && error.name === 'AbortError')
  );
}

/** What SQLite says of the library's own file, at any time: https://www.sqlite.org/rescode.html */
const DATABASE_FAILURES: readonly (Pick<ErrorReport, 'code' | 'message'> & {
  codes: RegExp;
  hint: string;
})[] = [
  {
    codes: /^SQLITE_(CORRUPT|NOTADB)/,
    code: 'library-damaged',
    message: 'The library’s database is damaged.',
    hint: 'Restore library.sqlite from a backup, or move it away and index your folders again.',
  },
  {
    codes: /^SQLITE_(READONLY|IOERR|CANTOPEN|PERM)/,
    code: 'unreadable',
    message: 'The library cannot be written to, or its disk does not answer.',
    hint: 'Check the folder’s permissions and its disk, or use another library with --library.',
  },
];

/** Turns anything thrown into a report; unknown errors keep their message under the code `internal`. */
export function reportOf(error: unknown, path?: string): ErrorReport {
  if (error instanceof TubeletError) {
    const where = error.path ?? path;
    return {
      code: error.code,
      message: error.message,
      ...(where === undefined ? {} : { path: where }),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    };
  }
  if (isCancelled(error))
    return { code: 'cancelled', message: 'Cancelled.', ...(path === undefined ? {} : { path }) };
  const system = error as { code?: unknown } | null;
  if (system?.code === 'ENOSPC' || system?.code === 'SQLITE_FULL') return reportOf(diskFull(path, error));
  const database = DATABASE_FAILURES.find(({ codes }) => codes.test(String(system?.code)));
  if (database !== undefined) {
    const { code, message, hint } = database;
    return { code, message, ...(path === undefined ? {} : { path }), hint };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message, ...(path === undefined ? {} : { path }) };
}

/** The error of a disk without room; `path` is the folder that was written to. */
export function diskFull(path: string | undefined, cause: unknown): TubeletError {
  return new TubeletError('disk-full', 'The disk is full.', {
    ...(path === undefined ? {} : { path }),
    hint: 'Free some space, then retry; everything written so far is kept.',
    cause,
  });
}

/** What was thrown, as an Error: for throwing on what a `catch` was given. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new TubeletError('internal', String(thrown), { cause: thrown });
}

/** Makes a switch exhaustive: the compiler refuses the call while a case is missing. */
export function missingCase(value: never): never {
  throw new TubeletError('internal', `Unexpected value: ${JSON.stringify(value)}`);
}
