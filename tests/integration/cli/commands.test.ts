import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE_NAME } from '../../../electron/engine/library/database.ts';
import { openStore } from '../../../electron/engine/library/store.ts';
import { builtInPacks } from '../../../electron/engine/pack-folders.ts';
import { COMMANDS } from '../../../electron/hosts/cli/commands.ts';
import { runCommandLine } from '../../../electron/hosts/cli/run.ts';
import { file } from '../../unit/library/fixtures.ts';
import { drawFilm, drawPhoto, ffmpeg } from '../library/films.ts';
import { start, tubelet } from './tubelet.ts';

const hasPack = existsSync(join(builtInPacks(), 'mammut-ti', 'manifest.json'));
if (!hasPack) console.log('Skipped in part: the pack mammut-ti is not there.');

let place: string;
let films: string;
let library: string;

beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'tubelet-cli-'));
  films = join(place, 'films');
  library = join(place, 'library');
  mkdirSync(films);
  const film = drawFilm(join(films, 'film.mp4'), 9);
  drawPhoto(join(films, 'photo.png'), 'green');
  ffmpeg('-f', 'lavfi', '-i', 'sine=duration=1', join(films, 'sound-only.mp4'));
  writeFileSync(join(films, 'letter.mkv'), 'Dear reader, this is not a film.');
  const bytes = readFileSync(film);
  writeFileSync(join(films, 'cut-short.mp4'), bytes.subarray(0, bytes.length / 2));
});

afterAll(() => {
  rmSync(place, { recursive: true, force: true });
});

/** The command line in this process: the same code without the time that a process takes to start. */
async function run(...words: string[]): Promise<{ code: number; out: string; err: string; json: unknown[] }> {
  const collect = (stream: PassThrough): Buffer[] => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    return chunks;
  };
  const [out, err] = [new PassThrough(), new PassThrough()];
  const [outChunks, errChunks] = [collect(out), collect(err)];
  const code = await runCommandLine(words, { out, err }, new AbortController().signal, {
    TUBELET_LIBRARY: library,
  });
  const text = Buffer.concat(outChunks).toString();
  const lines = text.split('\n').filter((line) => line.startsWith('{'));
  return {
    code,
    out: text,
    err: Buffer.concat(errChunks).toString(),
    json: lines.map((line) => JSON.parse(line) as unknown),
  };
}

describe('usage', () => {
  it('lists the commands when nothing is asked, and explains each', async () => {
    const { code, out } = await run();
    expect(code).toBe(1);
    for (const { name } of COMMANDS) {
      expect(out).toContain(name);
      const help = await run(name, '--help');
      expect(help).toMatchObject({
        code: 0,
        out: expect.stringContaining(`Usage: tubelet ${name}`) as string,
      });
      expect((await run('help', name)).out).toBe(help.out);
    }
  });

  it.each([
    [['serch', 'dog'], /no command "serch"[^]*Did you mean "search"/],
    [['frobnicate'], /The commands are index, search/],
    [['index'], /Which folder or file[^]*Example/],
    [['index', 'x', '--mode', 'slow'], /no mode "slow"[^]*thorough and fast/],
    [['index', 'x', '--quick'], /Unknown option '--quick'[^]*index --help/],
    [['search'], /What are you looking for/],
    [['search', 'dog', '--limit', 'many'], /--limit many is not/],
    [['similar', 'a.mp4', '--at', 'noon'], /--at noon is not a time/],
    [['caption', 'a.mp4', 'b.mp4'], /One file at a time/],
    [['locate', 'a dog'], /Find what, and where/],
  ])('%j is refused with what to do instead', async (words, message) => {
    const { code, err, out } = await run(...words);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
  });
});

describe('errors say what, where and what to do', () => {
  it('when there is no library yet', async () => {
    const { code, err } = await run('search', 'a dog', '--library', join(place, 'none'));
    expect(code).toBe(2);
    expect(err).toMatch(/no library here yet[^]*none[^]*tubelet index FOLDER/);
    expect(existsSync(join(place, 'none'))).toBe(false);
  });

  it('when another process holds the library', async () => {
    const held = openStore(join(place, 'held'));
    const { code, err, json } = await run('status', '--json', '--library', join(place, 'held'));
    held.close();
    expect(code).toBe(2);
    expect(err).toContain(join(place, 'held'));
    expect(json).toEqual([
      { error: expect.objectContaining({ code: 'library-busy', path: join(place, 'held') }) as object },
    ]);
  });

  it('when the database is damaged somewhere in the middle', async () => {
    const directory = join(place, 'damaged');
    const store = openStore(directory);
    const root = store.addRoot('/films');
    for (let n = 0; n < 500; n += 1)
      store.addMedia(root.id, file(`/films/${'x'.repeat(200)}-${n}.mp4`), 'fast');
    store.close();
    const path = join(directory, DATABASE_NAME);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(7, Math.floor(bytes.length / 2)));
    const { code, err, json } = await run('status', '--json', '--library', directory);
    expect(code).toBe(2);
    expect(err).toContain('backup');
    expect(json).toEqual([
      { error: expect.objectContaining({ code: 'library-damaged', path: directory }) as object },
    ]);
  });

  it('when the pack is not there or is none', async () => {
    const missing = await run('index', films, '--library', join(place, 'p'), '--pack', 'no-such-pack');
    expect(missing).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no model pack "no-such-pack"[^]*models/) as string,
    });
    const wrong = await run('index', films, '--library', join(place, 'p'), '--pack', films);
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining(films) as string });
  });
});

describe.skipIf(!hasPack)('the main job', () => {
  it('indexes what can be indexed and gives a reason for the rest', async () => {
    const { code, json } = await run('index', films, join(place, 'nowhere'), '--json');
    expect(code).toBe(0);
    const byPath = new Map(
      (
        json.slice(0, -1) as {
          path: string;
          state: string;
          clips: number;
          seconds: number;
          error?: { code: string; hint?: string };
        }[]
      ).map((line) => [line.path.slice(place.length + 1), line]),
    );
    expect(byPath.get('films/film.mp4')).toMatchObject({ state: 'indexed', seconds: 9 });
    expect(byPath.get('films/photo.png')).toMatchObject({ state: 'indexed', clips: 1, seconds: 0 });
    expect(byPath.get('films/sound-only.mp4')?.error?.code).toBe('no-video-stream');
    expect(byPath.get('films/letter.mkv')?.error?.code).toMatch(/not-media|damaged/);
    expect(byPath.get('films/cut-short.mp4')?.error?.code).toBe('damaged');
    expect(byPath.get('nowhere')?.error?.code).toBe('not-found');
    for (const name of ['letter.mkv', 'cut-short.mp4'])
      expect(byPath.get(`films/${name}`)?.error?.hint).toBeTruthy();
    expect(json.at(-1)).toMatchObject({ files: 6, indexed: 2, failed: 4, seconds: 9 });
  });

  it('exits with 2 where nothing could be indexed', async () => {
    const { code, err } = await run('index', join(films, 'letter.mkv'), '--library', join(place, 'bad-only'));
    expect(code).toBe(2);
    expect(err).toContain('letter.mkv');
  });

  it('says what is in the library', async () => {
    const { code, out } = await run('status');
    expect(code).toBe(0);
    expect(out).toMatch(/2 files[^]*3 failed[^]*letter\.mkv/);
    const { json } = await run('status', '--json');
    expect(json[0]).toMatchObject({ library, totals: { indexed: 2, failed: 3 }, roots: [{ path: films }] });
  });

  it('answers a query, and a batch of queries in their order', async () => {
    const { code, json } = await run('search', 'a', 'test', 'card', '--json', '--limit', '1');
    expect(code).toBe(0);
    expect(json).toEqual([
      {
        query: 'a test card',
        moments: [
          {
            path: expect.stringContaining(films) as string,
            start: expect.any(Number) as number,
            end: expect.any(Number) as number,
            score: expect.any(Number) as number,
            match: expect.stringMatching(/^(strong|likely|weak|none)$/) as string,
          },
        ],
      },
    ]);
    const queries = Array.from({ length: 70 }, (_, index) => `query number ${index}`);
    writeFileSync(join(place, 'queries.txt'), queries.join('\r\n'));
    const batch = await run('search', '--queries', join(place, 'queries.txt'), '--json');
    expect(batch.json.map((line) => (line as { query: string }).query)).toEqual(queries);
  });

  it('finds what looks like a picture that is not in the library', async () => {
    const picture = drawPhoto(join(place, 'query.png'), 'green');
    const { code, json } = await run('similar', picture, '--json', '--limit', '1');
    expect(code).toBe(0);
    expect(json[0]).toMatchObject({ query: picture, moments: [{ path: join(films, 'photo.png') }] });
  });

  it('captions from what was kept, after the video is gone', async () => {
    const [film, away, srt] = [join(films, 'film.mp4'), join(place, 'away.mp4'), join(place, 'film.srt')];
    renameSync(film, away);
    const { code, json } = await run('caption', film, '--srt', srt, '--json');
    const stranger = await run('caption', join(films, 'stranger.mp4'));
    const full = await run('caption', film, '--vtt', '/dev/full');
    renameSync(away, film);
    expect(code).toBe(0);
    const { cues } = json[0] as { cues: { start: number; text: string }[] };
    const written = readFileSync(srt, 'utf8');
    expect(written.match(/ --> /g)?.length ?? 0).toBe(cues.length);
    expect(stranger).toMatchObject({
      code: 2,
      err: expect.stringMatching(/not in the library[^]*stranger/) as string,
    });
    expect(full).toMatchObject({
      code: 2,
      err: expect.stringMatching(/disk is full[^]*Free some space/) as string,
    });
  });

  it('examines itself', async () => {
    const { code, json } = await run('doctor', '--json');
    const { ok, checks } = json[0] as {
      ok: boolean;
      checks: { id: string; state: string; detail: string }[];
    };
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(checks.map(({ id }) => id)).toEqual([
      'ffmpeg',
      'ffprobe',
      'disk',
      'library',
      'pack',
      'device',
      'vision',
      'language',
    ]);
    const { json: models } = await run('models', '--json');
    expect(models[0]).toMatchObject({ packs: [{ id: 'mammut-ti', inUse: true }] });
  });

  it('stops at Ctrl+C, says that nothing is lost, and goes on from there', async () => {
    const [long, own] = [drawFilm(join(place, 'long.mp4'), 60), join(place, 'interrupted')];
    const { child, ended } = start(['index', long, '--library', own]);
    while (child.exitCode === null && !existsSync(join(own, 'thumbnails'))) await sleep(20);
    await sleep(1000);
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect({ code, err }).toEqual({ code: 130, err: expect.stringContaining('is kept') as string });
    const again = await tubelet('index', long, '--library', own, '--json');
    expect(again.code).toBe(0);
    expect(again.json()[0]).toMatchObject({ state: 'indexed', seconds: 60 });
  }, 240_000);
});

describe('a pipe', () => {
  it('gets no progress bar, and may close early', async () => {
    const { code, err } = await tubelet('models', '--library', join(place, 'piped'));
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });
});
