import { PassThrough } from 'node:stream';
import ffmpegCommand from 'fluent-ffmpeg';
import { TubeletError } from '../errors.ts';
import type { FfmpegBinary } from './binaries.ts';

/** One file to read. */
export interface FfmpegInput {
  /** Absolute path. */
  readonly path: string;
  /** Options before `-i`. */
  readonly options: readonly string[];
}

/** Inputs and outputs, as ffmpeg's own options. */
export interface FfmpegJob {
  /** At least one, in the order in which maps and filters number them. */
  readonly inputs: readonly FfmpegInput[];
  readonly outputs: readonly FfmpegOutput[];
  /** Folder in which relative file targets are written. */
  readonly cwd?: string;
}

/** `stdout` streams to the caller; anything else is a file. At most one output of a job may be `stdout`. */
export interface FfmpegOutput {
  readonly target: 'stdout' | { readonly file: string };
  readonly options: readonly string[];
}

/** How a run ended. */
export interface FfmpegExit {
  /** Null where ffmpeg left with code 0; otherwise how it ended. */
  readonly failure: string | null;
  /** The last lines that ffmpeg logged as errors, oldest first. */
  readonly errors: readonly string[];
}

/** A run that has been started. The caller awaits `exit` or calls `kill`, whatever happens. */
export interface FfmpegRun {
  /** What ffmpeg writes to its standard output; reading slowly slows ffmpeg down. */
  readonly stdout: PassThrough;
  /** Settles once the process is gone; never rejects. */
  readonly exit: Promise<FfmpegExit>;
  /** Kills the process and waits until it is gone. Harmless when it already is. */
  kill(): Promise<void>;
}

const KEPT_ERRORS = 20;
/** Bytes that may wait between ffmpeg and the reader before ffmpeg is held up. */
const STDOUT_BUFFER = 1024 * 1024;

const running = new Set<() => void>();
process.once('exit', () => {
  for (const kill of running) kill();
});

/**
 * Starts ffmpeg with logging at `level+info`, so that errors can be told from remarks on any build.
 * @param onLine receives every line that is logged, for filters such as `showinfo` that report there
 */
export function runFfmpeg(binary: FfmpegBinary, job: FfmpegJob, onLine?: (line: string) => void): FfmpegRun {
  // fluent-ffmpeg takes 'close' for a reader that walked away and kills ffmpeg, even while it finishes its other outputs.
  const stdout = new PassThrough({ highWaterMark: STDOUT_BUFFER, emitClose: false });
  const errors: string[] = [];
  let killed = false;

  const command = ffmpegCommand({
    ...(job.cwd === undefined ? {} : { cwd: job.cwd }),
    stdoutLines: KEPT_ERRORS,
  });
  spareQuestions(command);
  command.setFfmpegPath(binary.path);
  job.inputs.forEach(({ path, options }, number) => {
    command.input(fileUrl(path)).inputOptions(...(number === 0 ? LOGGING : []), ...options);
  });
  for (const output of job.outputs) {
    if (output.target === 'stdout') command.output(stdout);
    else command.output(output.target.file);
    // Spread, because an array's elements are split at spaces.
    command.outputOptions(...output.options);
  }

  const kill = (): void => {
    killed = true;
    command.kill('SIGKILL');
    stdout.destroy();
  };
  const exit = new Promise<FfmpegExit>((settle) => {
    const end = (failure: string | null): void => {
      running.delete(kill);
      // A process that never ran closes no pipe, so that its reader would wait for ever.
      if (failure !== null && !/^ffmpeg (?:exited|was killed)/.test(failure)) stdout.end();
      settle({ failure, errors });
    };
    command
      .on('start', () => {
        // The process starts some ticks after run(): a kill that came before is carried out here.
        if (killed) command.kill('SIGKILL');
      })
      .on('stderr', (line: string) => {
        onLine?.(line);
        if (!/\[(?:error|fatal|panic)\]/.test(line)) return;
        errors.push(line.replace(/^(?:\[[^\]]*\]\s*)+/, ''));
        if (errors.length > KEPT_ERRORS) errors.shift();
      })
      .on('end', () => {
        end(null);
      })
      .on('error', (error: Error) => {
        end(error.message.split('\n')[0] ?? error.message);
      });
  });
  running.add(kill);
  stdout.on('error', kill);
  command.run();
  return {
    stdout,
    exit,
    kill: async () => {
      kill();
      await exit;
    },
  };
}

/**
 * Before a process's first run, fluent-ffmpeg asks ffmpeg for the lists of its formats and encoders, one after the other,
 * to check `-f` and `-vcodec` by: half a second in which nothing is decoded. ffmpeg itself says what it does not have.
 */
function spareQuestions(command: ffmpegCommand.FfmpegCommand): void {
  Object.assign(command, {
    _checkCapabilities: (done: (error: null) => void) => {
      done(null);
    },
    availableEncoders: (done: (error: null, encoders: object) => void) => {
      done(null, {});
    },
  });
}

const LOGGING = ['-hide_banner', '-nostats', '-nostdin', '-loglevel', 'level+info'];

/** A path that ffmpeg takes for a local file, whatever characters it has: `a:b.mp4` and `-x.mp4` are no protocols or options. */
export function fileUrl(path: string): string {
  return `file:${path}`;
}

/** Output options that pass every frame on as it is timed, neither doubled nor dropped, on builds old and new. */
export function passthrough(binary: FfmpegBinary): string[] {
  const [major, minor] = binary.libavutil;
  const named = major > 57 || (major === 57 && minor >= 28);
  return named ? ['-fps_mode', 'passthrough'] : ['-vsync', '0'];
}

/** Throws `cancelled` once the signal has been aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined, path: string): void {
  if (signal?.aborted === true) throw new TubeletError('cancelled', 'Cancelled.', { path });
}
