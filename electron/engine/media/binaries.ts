import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { TubeletError } from '../errors.ts';
import { VerdictFile } from '../verdict-file.ts';

/** Where a program was found, in the order in which the places are tried. */
export type BinarySource = 'setting' | 'bundled' | 'path' | 'package';

/** What a build of FFmpeg may be used and passed on under; `nonfree` builds may not be passed on at all. */
export type FfmpegLicence = 'LGPL' | 'GPL' | 'nonfree';

/** One program that was found and that ran. */
export interface FfmpegBinary {
  readonly path: string;
  readonly source: BinarySource;
  /** As the program names itself ("5.1.9-0+deb12u1", "N-47683-g0e8eb07980"). */
  readonly version: string;
  readonly licence: FfmpegLicence;
  /** libavutil's version as [major, minor]; tells features apart where the name is only a commit. */
  readonly libavutil: readonly [number, number];
}

/** The two programs that everything in this folder runs. */
export interface FfmpegBinaries {
  readonly ffmpeg: FfmpegBinary;
  readonly ffprobe: FfmpegBinary;
}

/** Where to look. Each place is optional except the packages that are installed with the app. */
export interface BinaryPlaces {
  /** Paths that the person set; a path that does not run is an error, never skipped in silence. */
  readonly setting?: { readonly ffmpeg?: string; readonly ffprobe?: string };
  /** Folder of the packaged app that holds the programs (Electron's `process.resourcesPath`). */
  readonly bundled?: string;
  /** The PATH variable; the process's own where absent, nothing where it is the empty string. */
  readonly searchPath?: string;
  /**
   * JSON file where it is remembered which programs ran, so that they need not be started for it again while their files
   * are the same: a quarter of a second in which nothing else can begin.
   */
  readonly verdicts?: string;
  /** Start each program, whatever is remembered of it. */
  readonly again?: boolean;
}

type Program = 'ffmpeg' | 'ffprobe';

/**
 * Finds ffmpeg and ffprobe: the person's setting, the packaged app, PATH, then the builds that npm brought along.
 * A candidate counts only if it runs.
 * @throws TubeletError `ffmpeg-missing` where none runs, or where the person's own setting does not.
 */
export async function resolveBinaries(places: BinaryPlaces = {}): Promise<FfmpegBinaries> {
  const memory: Memory = { verdicts: new VerdictFile(places.verdicts), again: places.again === true };
  const [ffmpeg, ffprobe] = await Promise.all([
    resolve('ffmpeg', places, memory),
    resolve('ffprobe', places, memory),
  ]);
  return { ffmpeg, ffprobe };
}

async function resolve(program: Program, places: BinaryPlaces, memory: Memory): Promise<FfmpegBinary> {
  const tried: string[] = [];
  for (const { path, source } of candidates(program, places)) {
    const facts = await describe(path, memory);
    if (facts !== null) return { path, source, ...facts };
    if (source === 'setting') {
      throw new TubeletError(
        'ffmpeg-missing',
        `The ${program} chosen in the settings does not run: ${path}`,
        {
          path,
          hint: 'Choose another program in the settings, or clear the setting to use the one that comes with the app.',
        },
      );
    }
    tried.push(path);
  }
  throw new TubeletError('ffmpeg-missing', `No ${program} was found that runs.`, {
    hint: `Install FFmpeg and put it on PATH, or choose it in the settings. Tried: ${tried.join(', ') || 'nothing'}.`,
  });
}

function* candidates(
  program: Program,
  places: BinaryPlaces,
): Generator<{ path: string; source: BinarySource }> {
  const file = process.platform === 'win32' ? `${program}.exe` : program;
  const chosen = places.setting?.[program];
  if (chosen !== undefined && chosen !== '') yield { path: chosen, source: 'setting' };
  if (places.bundled !== undefined) yield { path: join(places.bundled, file), source: 'bundled' };
  for (const folder of (places.searchPath ?? process.env['PATH'] ?? '').split(delimiter)) {
    // Folders of node_modules come from running under npm; what npm brought along has its own turn below.
    if (folder !== '' && !folder.includes('node_modules')) yield { path: join(folder, file), source: 'path' };
  }
  const packaged = packagedPath(program);
  if (packaged !== null) yield { path: packaged, source: 'package' };
}

/** Path of the build in `@ffmpeg-installer/*` or `@ffprobe-installer/*` for this system; null where there is none. */
function packagedPath(program: Program): string | null {
  try {
    const installer: unknown = createRequire(import.meta.url)(`@${program}-installer/${program}`);
    const path = (installer as { path?: unknown }).path;
    // Programs cannot run from inside an asar archive: electron-builder unpacks them beside it.
    return typeof path === 'string' ? path.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked') : null;
  } catch {
    // The installer throws a string where it has no build for this system: then there simply is no such candidate.
    return null;
  }
}

type ProgramFacts = Pick<FfmpegBinary, 'version' | 'licence' | 'libavutil'>;

const remembered = z.object({
  bytes: z.number(),
  modified: z.number(),
  facts: z.object({
    version: z.string(),
    licence: z.enum(['LGPL', 'GPL', 'nonfree']),
    libavutil: z.tuple([z.number(), z.number()]),
  }),
});

interface Memory {
  readonly verdicts: VerdictFile;
  readonly again: boolean;
}

/** What a program says of itself; null where there is none that runs. */
async function describe(path: string, { verdicts, again }: Memory): Promise<ProgramFacts | null> {
  const file = await stat(path).catch(() => null);
  if (file?.isFile() !== true) return null;
  const key = `program ${path}`;
  const known = await verdicts.read(key, remembered);
  if (!again && known?.bytes === file.size && known.modified === file.mtimeMs) return known.facts;
  const text = await versionText(path);
  if (text === null) {
    if (known !== undefined) await verdicts.write(key, null);
    return null;
  }
  const facts = parseVersion(text);
  await verdicts.write(key, { bytes: file.size, modified: file.mtimeMs, facts });
  return facts;
}

/** What the program prints of its version; null where it does not run. */
function versionText(path: string): Promise<string | null> {
  return new Promise((done) => {
    execFile(path, ['-version'], { timeout: 20_000, windowsHide: true }, (error, stdout) => {
      done(error === null ? stdout : null);
    });
  });
}

/** Reads what `ffmpeg -version` prints. A build is GPL or nonfree only by the switches it was configured with. */
export function parseVersion(text: string): ProgramFacts {
  const version = /^ff\w+ version (\S+)/m.exec(text)?.[1] ?? 'unknown';
  const configuration = /^\s*configuration:(.*)$/m.exec(text)?.[1] ?? '';
  const library = /^libavutil\s+(\d+)\.\s*(\d+)\./m.exec(text);
  return {
    version,
    licence: configuration.includes('--enable-nonfree')
      ? 'nonfree'
      : configuration.includes('--enable-gpl')
        ? 'GPL'
        : 'LGPL',
    libavutil: [Number(library?.[1] ?? 0), Number(library?.[2] ?? 0)],
  };
}
