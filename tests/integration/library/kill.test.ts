import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInPacks } from '../../../electron/engine/pack-folders.ts';
import { start, tubelet } from '../cli/tubelet.ts';
import { drawFilm, drawPhoto } from './films.ts';

/** `TUBELET_KILL_ROUNDS=20` for the long run; a few rounds by default. */
const ROUNDS = Number(process.env['TUBELET_KILL_ROUNDS'] ?? 2);
/** Milliseconds that a kill with all that belongs to it may take on a busy machine. */
const ROUND_LIMIT = 120_000;
const SEED = Number(process.env['TUBELET_KILL_SEED'] ?? 20_260_101);

const hasPack = existsSync(join(builtInPacks(), 'mammut-ti', 'manifest.json'));
if (!hasPack) console.log('Skipped: the pack mammut-ti is not there.');

interface Content {
  readonly media: unknown[];
  readonly clips: unknown[];
  readonly jobs: unknown[];
}

let place: string;
let films: string;
let undisturbed: Content;

beforeAll(async () => {
  if (!hasPack) return;
  place = mkdtempSync(join(tmpdir(), 'tubelet-kill-'));
  films = join(place, 'films');
  mkdirSync(films);
  drawFilm(join(films, 'a.mp4'), 22);
  drawPhoto(join(films, 'b.png'), 'teal');
  drawPhoto(join(films, 'c.png'), 'orange');
  drawPhoto(join(films, 'd.png'), 'red');
  drawFilm(join(films, 'e.mp4'), 9, 2);
  const library = join(place, 'undisturbed');
  const { code, err } = await index(library).ended;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  undisturbed = contentOf(library);
});

afterAll(() => {
  if (hasPack) rmSync(place, { recursive: true, force: true });
});

function index(library: string): ReturnType<typeof start> {
  return start(['index', films, '--library', library, '--json']);
}

/** Every row that indexing writes, ids and times of day aside. */
function contentOf(library: string): Content {
  const database = new Database(join(library, 'library.sqlite'));
  const rows = (sql: string): unknown[] => database.prepare(sql).all();
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  const digest = (bytes: unknown): string =>
    createHash('sha256')
      .update(bytes as Buffer)
      .digest('hex');
  database.function('digest', digest);
  const content = {
    media: rows(
      `SELECT path, fingerprint, bytes, modified_at, kind, facts, state, error, mode, pack_revision
       FROM media ORDER BY path`,
    ),
    clips: rows(
      `SELECT media.path, clips.pack_revision, ordinal, start, "end", cut_before,
         digest(embedding) AS embedding, digest(quantised) AS tokens, digest(scales) AS scales
       FROM clips JOIN media ON media.id = media_id JOIN clip_tokens ON clip_id = clips.id
       ORDER BY media.path, ordinal`,
    ),
    jobs: rows('SELECT * FROM jobs'),
  };
  database.close();
  return content;
}

/** Numbers in 0..1 that only the seed decides (Mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Clips that are committed so far; 0 while the library is being made. */
function clipsIn(library: string): number {
  const path = join(library, 'library.sqlite');
  if (!existsSync(path)) return 0;
  const database = new Database(path, { readonly: true });
  try {
    const made = database.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'clips'`).get();
    return made === undefined ? 0 : (database.prepare('SELECT COUNT(*) FROM clips').pluck().get() as number);
  } finally {
    database.close();
  }
}

/** Kills an indexing once so many clips are committed and a moment has passed; says how many are there afterwards. */
async function killAt(library: string, clips: number, moment: number): Promise<number> {
  const { child, ended } = index(library);
  while (child.exitCode === null && clipsIn(library) < clips) await sleep(20);
  await sleep(moment);
  child.kill('SIGKILL');
  const { signal } = await ended;
  const kept = clipsIn(library);
  console.log(`${signal === 'SIGKILL' ? 'Killed' : 'Finished before the kill'} with ${kept} clips kept.`);
  return kept;
}

describe.skipIf(!hasPack)('kill -9 while indexing', () => {
  const random = randomFrom(SEED);
  const rounds = Array.from({ length: ROUNDS }, (_, round) => ({
    round,
    at: random(),
    moment: 1500 * random(),
  }));

  it.each(rounds)(
    'at a random point, then a resume: the library equals an undisturbed one ($round)',
    async (kill) => {
      const library = join(place, `killed-${kill.round}`);
      const kept = await killAt(library, Math.floor(kill.at * undisturbed.clips.length), kill.moment);
      expect(kept).toBeLessThanOrEqual(undisturbed.clips.length);
      const { code } = await index(library).ended;
      expect(code).toBe(0);
      expect(contentOf(library)).toEqual(undisturbed);
    },
    ROUND_LIMIT,
  );

  it(
    'again and again on one library: every kill keeps what was committed, and it ends equal',
    async () => {
      const library = join(place, 'killed-often');
      let before = 0;
      for (let kill = 1; kill <= ROUNDS; kill += 1) {
        const kept = await killAt(
          library,
          Math.floor((kill * undisturbed.clips.length) / (ROUNDS + 1)),
          500 * random(),
        );
        // A resume takes back the last clip of the file at hand and nothing else.
        expect(kept).toBeGreaterThanOrEqual(before - 1);
        before = kept;
      }
      const { code } = await tubelet('index', films, '--library', library);
      expect(code).toBe(0);
      expect(contentOf(library)).toEqual(undisturbed);
    },
    ROUND_LIMIT * ROUNDS,
  );
});
