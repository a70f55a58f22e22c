import { describe, expect, it } from 'vitest';
import { captionLibrary, captionMedia, isCaptioned } from '../../../electron/engine/captions/describe.ts';
import { CaptionEditor } from '../../../electron/engine/captions/editor.ts';
import { Gate } from '../../../electron/engine/captions/pause.ts';
import { describedCues, subtitleCues } from '../../../electron/engine/captions/track.ts';
import type { CaptionRow } from '../../../electron/engine/library/types.ts';
import { generation, scripted } from './language.ts';
import { addVideo, temporaryStore, type MadeClip } from './library.ts';

const said = (rows: readonly CaptionRow[]): [number, number, string, string][] =>
  rows.map(({ start, end, text, source }) => [start, end, source, text]);

const KITCHEN: MadeClip[] = [
  { shows: 'a man in a white shirt is standing in a kitchen' },
  { shows: 'a man in a white shirt is standing in a kitchen' },
  { shows: 'a man in a white shirt is cutting onions' },
  { shows: 'two dogs run through the grass', cut: true },
];
const KITCHEN_SCRIPT = {
  captions: [
    generation('a man in a white shirt is standing in a kitchen', 0.4),
    generation('a man in a white shirt standing in a kitchen', 0.8),
    generation('a man in a white shirt is cutting onions', 0.5),
    generation('two dogs run through the grass', 0.6),
  ],
};

describe('captioning a file', () => {
  it('says once what goes on, then what is new, and begins afresh after a cut', async () => {
    const store = temporaryStore();
    const media = addVideo(store, '/films/kitchen.mp4', KITCHEN);
    const rows = await captionMedia({ store, language: scripted(KITCHEN_SCRIPT), mediaId: media.id });
    expect(said(rows)).toEqual([
      [0, 8, 'model', 'A man in a white shirt standing in a kitchen'],
      [8, 12, 'model', 'The man is cutting onions'],
      [12, 16, 'model', 'Two dogs run through the grass'],
    ]);
    expect(
      rows.every(({ confidence, embedding }) => confidence > 0 && confidence < 1 && embedding !== null),
    ).toBe(true);
  });

  it('chooses the sentence that suits the picture among those that the decoder finished', async () => {
    const store = temporaryStore();
    const media = addVideo(store, '/films/kitchen.mp4', [{ shows: 'man cutting onions' }]);
    const usual = generation('a man in a white shirt', 0.5);
    const captions = [{ ...usual, others: [generation('a man cutting onions', 0.49)] }];
    const rows = await captionMedia({ store, language: scripted({ captions }), mediaId: media.id });
    expect(said(rows)).toEqual([[0, 4, 'model', 'A man cutting onions']]);
  });

  it('takes clips that look the same for one, whatever the decoder makes of them, and not those after a cut', async () => {
    const store = temporaryStore();
    const table = 'bottle on a table';
    const media = addVideo(store, '/films/table.mp4', [
      { shows: table },
      { shows: table },
      { shows: table, cut: true },
      { shows: 'hand takes bottle' },
    ]);
    const captions = [
      generation('a bottle on a table', 0.6),
      generation('two dogs', 0.1),
      generation('a bottle', 0.6),
      generation('a hand takes something', 0.6),
    ];
    const rows = await captionMedia({ store, language: scripted({ captions }), mediaId: media.id });
    expect(said(rows)).toEqual([
      [0, 8, 'model', 'A bottle on a table'],
      [8, 12, 'model', 'A bottle'],
      [12, 16, 'model', 'A hand takes something'],
    ]);
  });

  it('never touches what a person wrote, says nothing over it, and writes the rest anew', async () => {
    const store = temporaryStore();
    const media = addVideo(store, '/films/kitchen.mp4', KITCHEN);
    const language = scripted(KITCHEN_SCRIPT);
    const [first] = await captionMedia({ store, language, mediaId: media.id });
    const editor = new CaptionEditor({ store, language, mediaId: media.id });
    await editor.perform({ kind: 'text', id: first!.id, text: 'Grandpa cooks' });
    const rows = await captionMedia({ store, language, mediaId: media.id });
    expect(said(rows).map(([, , source, text]) => [source, text])).toEqual([
      ['user', 'Grandpa cooks'],
      ['model', 'The man is cutting onions'],
      ['model', 'Two dogs run through the grass'],
    ]);
    expect(store.searchCaptions('grandpa', 5).map(({ caption }) => caption.id)).toEqual([first!.id]);
    expect(store.captions(media.id)[0]?.embedding).toEqual((await language.embedTexts(['Grandpa cooks']))[0]);
  });

  it('does not write again what a person took away, unless they undo it', async () => {
    const store = temporaryStore();
    const media = addVideo(store, '/films/kitchen.mp4', KITCHEN);
    const language = scripted(KITCHEN_SCRIPT);
    const rows = await captionMedia({ store, language, mediaId: media.id });
    const editor = new CaptionEditor({ store, language, mediaId: media.id });
    await editor.perform({ kind: 'delete', id: rows[2]!.id });
    expect(await captionMedia({ store, language, mediaId: media.id })).toHaveLength(2);
    await editor.undo();
    expect(await captionMedia({ store, language, mediaId: media.id })).toHaveLength(3);
  });

  it('tells how far it is, and stops at once when cancelled, keeping the captions there were', async () => {
    const store = temporaryStore();
    const clips = Array.from({ length: 20 }, () => ({ shows: 'a dog' }));
    const media = addVideo(store, '/films/dog.mp4', clips);
    const language = scripted({ captions: clips.map(() => generation('a dog')) });
    await captionMedia({ store, language, mediaId: media.id });
    const abort = new AbortController();
    const seen: number[] = [];
    const again = captionMedia({
      store,
      language,
      mediaId: media.id,
      signal: abort.signal,
      onProgress: ({ clipsDone }) => {
        seen.push(clipsDone);
        if (clipsDone === 16) abort.abort();
      },
    });
    await expect(again).rejects.toMatchObject({ code: 'cancelled' });
    expect(seen).toEqual([8, 16]);
    expect(store.captions(media.id)).toHaveLength(1);
  });

  it('refuses a pack that cannot, and a file that is not there or not indexed', async () => {
    const store = temporaryStore();
    const media = addVideo(store, '/films/dog.mp4', []);
    await expect(
      captionMedia({ store, language: scripted({ capabilities: ['search'] }), mediaId: media.id }),
    ).rejects.toMatchObject({ code: 'pack-incapable' });
    await expect(captionMedia({ store, language: scripted({}), mediaId: 999 })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(captionMedia({ store, language: scripted({}), mediaId: media.id })).rejects.toMatchObject({
      code: 'not-found',
      path: '/films/dog.mp4',
    });
  });
});

describe('captioning a library', () => {
  it('goes on after an interruption with the files that are left, and lists what failed', async () => {
    const store = temporaryStore();
    const files = ['a', 'b', 'c'].map((name, index) =>
      addVideo(store, `/films/${name}.mp4`, [{ shows: name }], index),
    );
    const language = scripted({ captions: [generation('a'), generation('b')] });
    const abort = new AbortController();
    const first = captionLibrary({
      store,
      language,
      signal: abort.signal,
      onProgress: ({ filesDone, fraction }) => {
        if (filesDone === 0 && fraction === 1) abort.abort();
      },
    });
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    expect(files.map((media) => isCaptioned(store, language, media))).toEqual([false, false, false]);

    const result = await captionLibrary({ store, language });
    expect(result).toMatchObject({ captioned: 2, kept: 0, failed: [{ path: '/films/c.mp4' }] });
    const before = language.calls.captioned;
    expect(await captionLibrary({ store, language, mediaIds: [files[0]!.id] })).toMatchObject({
      captioned: 0,
      kept: 1,
    });
    expect(language.calls.captioned).toBe(before);
  });

  it('waits while paused, and goes on when resumed', async () => {
    const store = temporaryStore();
    const media = addVideo(store, '/films/a.mp4', [{ shows: 'a' }]);
    const language = scripted({ captions: [generation('a cat')] });
    const gate = new Gate();
    gate.pause();
    const work = captionLibrary({ store, language, gate });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(language.calls.captioned).toBe(0);
    gate.resume();
    expect(await work).toMatchObject({ captioned: 1 });
    expect(isCaptioned(store, language, media)).toBe(true);
  });

  it('can be cancelled while paused', async () => {
    const store = temporaryStore();
    addVideo(store, '/films/a.mp4', [{ shows: 'a' }]);
    const gate = new Gate();
    const abort = new AbortController();
    gate.pause();
    const work = captionLibrary({ store, language: scripted({}), gate, signal: abort.signal });
    abort.abort();
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('the cues to show', () => {
  it('are the statements cut to what the rules allow, a person’s own left as they are', async () => {
    const store = temporaryStore();
    const media = addVideo(store, '/films/long.mp4', [
      { shows: 'a dog', seconds: 20 },
      { shows: 'a cat', seconds: 0.5, cut: true },
      { shows: 'a bird', seconds: 5, cut: true },
    ]);
    const language = scripted({ captions: [generation('a dog'), generation('a cat'), generation('a bird')] });
    await captionMedia({ store, language, mediaId: media.id });
    const cues = subtitleCues(store, media);
    expect(cues.map(({ text }) => text)).toEqual(['A dog', 'A bird']);
    expect(cues.map(({ start, end }) => [start.toFixed(3), end.toFixed(3)])).toEqual([
      ['0.000', '7.000'],
      ['20.500', '25.500'],
    ]);
    expect(describedCues(store, media).map(({ start, end }) => [start, end])).toEqual([
      [0, 20],
      [20, 20.5],
      [20.5, 25.5],
    ]);
  });
});
