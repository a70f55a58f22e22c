import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../../electron/engine/answers/ask.ts';
import { locate } from '../../../electron/engine/answers/locate.ts';
import { captionMedia } from '../../../electron/engine/captions/describe.ts';
import { lint } from '../../../electron/engine/captions/lint.ts';
import { subtitleCues, timingContext } from '../../../electron/engine/captions/track.ts';
import { Engine } from '../../../electron/engine/engine.ts';
import type { MediaRow } from '../../../electron/engine/library/types.ts';
import { builtInPacks } from '../../../electron/engine/pack-folders.ts';
import { montage } from '../../fixtures/videos.ts';

const missing = !existsSync(join(builtInPacks(), 'mammut-ti', 'manifest.json'));
if (missing)
  console.warn(
    'Skipped: captions, answers and places from stored tokens, because the built-in pack is absent.',
  );

describe.skipIf(missing)('with the video gone, from what indexing kept', () => {
  let folder: string;
  let engine: Engine;
  let media: MediaRow;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tubelet-answers-'));
    const video = join(folder, 'scenes.mp4');
    const scenes = [
      { source: 'testsrc2=size=320x180:rate=25', seconds: 9 },
      { source: 'mandelbrot=size=320x180:rate=25', seconds: 6 },
    ];
    await copyFile(await montage(scenes), video);
    engine = Engine.open({ library: join(folder, 'library') });
    await engine.index([video], { mode: 'thorough' });
    await rm(video);
    const [only] = engine.store.allMedia();
    media = only!;
  });
  afterAll(async () => {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('captions are written, and their subtitles keep the rules', async () => {
    const { store } = engine;
    const rows = await captionMedia({ store, language: await engine.language(), mediaId: media.id });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.at(-1)?.end).toBeCloseTo(15, 1);
    for (const { text, confidence, embedding } of rows) {
      expect(text).not.toBe('');
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThanOrEqual(1);
      expect(embedding).not.toBeNull();
    }
    expect(lint(subtitleCues(store, media), timingContext(store, media))).toEqual([]);
  });

  it('questions are answered or declined, never refused', async () => {
    const { store } = engine;
    const [language, searcher] = await Promise.all([engine.language(), engine.searcher()]);
    const scopes = [
      { kind: 'library' },
      { kind: 'media', mediaId: media.id },
      { kind: 'moment', mediaId: media.id, at: 10 },
    ] as const;
    for (const question of [
      'Is there a dog?',
      'What colour is the wall?',
      'How many people are there?',
      'When is it dark?',
    ]) {
      for (const scope of scopes) {
        const reply = await ask({ store, language, searcher, question, scope });
        expect(reply.question).toBe(question);
        expect(reply.confidence).toBeGreaterThanOrEqual(0);
        expect(reply.confidence).toBeLessThanOrEqual(1);
        if (reply.answer !== null) expect(reply.answer.trim()).not.toBe('');
      }
    }
    expect(store.questions(100)).toHaveLength(12);
  });

  it('places come as a heat map of the pack’s grid, with a box inside the frame where the thing is', async () => {
    const { store } = engine;
    const language = await engine.language();
    const { grid } = language.pack;
    const place = await locate({ store, language, mediaId: media.id, at: 2, phrase: 'a red square' });
    expect([place.heat.length, place.heat[0]?.length]).toEqual([grid?.rows, grid?.columns]);
    expect(place.present).toBe(place.box !== null);
    expect(place.heat.flat().every((value) => value >= 0 && value <= 1)).toBe(true);
  });
});
