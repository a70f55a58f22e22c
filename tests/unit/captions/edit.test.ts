import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyPatch,
  inverted,
  NO_HISTORY,
  patchFor,
  redo,
  remember,
  undo,
  type CaptionEdit,
  type EditableCue,
} from '../../../electron/engine/captions/edit.ts';
import { CaptionEditor } from '../../../electron/engine/captions/editor.ts';
import { TubeletError } from '../../../electron/engine/errors.ts';
import { cue } from './cues.ts';
import { scripted } from './language.ts';
import { CaptionDesk } from '../../../electron/hosts/channels/captions.ts';
import { addVideo, temporaryStore } from './library.ts';

const CUES: EditableCue[] = [
  { id: 1, ...cue(0, 2, 'One two', { source: 'model', confidence: 0.4 }) },
  { id: 2, ...cue(2, 4, 'Three') },
];
const after = (edit: CaptionEdit): [number, number, string, string][] =>
  applyPatch(CUES, patchFor(CUES, edit)).map(({ start, end, text, source }) => [start, end, text, source]);

describe('editing', () => {
  it.each([
    [
      { kind: 'text', id: 1, text: ' New\n\nwords ' },
      [
        [0, 2, 'New\nwords', 'user'],
        [2, 4, 'Three', 'file'],
      ],
    ],
    [
      { kind: 'times', id: 1, start: 5, end: 6 },
      [
        [2, 4, 'Three', 'file'],
        [5, 6, 'One two', 'user'],
      ],
    ],
    [
      { kind: 'split', id: 1, time: 1.5, caret: 4 },
      [
        [0, 1.5, 'One', 'user'],
        [1.5, 2, 'two', 'user'],
        [2, 4, 'Three', 'file'],
      ],
    ],
    [{ kind: 'merge', id: 1 }, [[0, 4, 'One two\nThree', 'user']]],
    [{ kind: 'delete', id: 2 }, [[0, 2, 'One two', 'model']]],
    [
      { kind: 'insert', start: 1, end: 3, text: 'New' },
      [
        [0, 2, 'One two', 'model'],
        [1, 3, 'New', 'user'],
        [2, 4, 'Three', 'file'],
      ],
    ],
    [
      { kind: 'shift', ids: 'all', by: 1.5 },
      [
        [1.5, 3.5, 'One two', 'user'],
        [3.5, 5.5, 'Three', 'user'],
      ],
    ],
    [
      { kind: 'shift', ids: [2], by: -1 },
      [
        [0, 2, 'One two', 'model'],
        [1, 3, 'Three', 'user'],
      ],
    ],
  ] as [CaptionEdit, unknown][])('%j', (edit, expected) => {
    expect(after(edit)).toEqual(expected);
  });

  it.each([
    [{ kind: 'text', id: 9, text: 'x' }, 'not-found'],
    [{ kind: 'text', id: 1, text: ' ' }, 'usage'],
    [{ kind: 'times', id: 1, start: 3, end: 2 }, 'usage'],
    [{ kind: 'split', id: 1, time: 2, caret: 3 }, 'usage'],
    [{ kind: 'split', id: 1, time: 1, caret: 0 }, 'usage'],
    [{ kind: 'merge', id: 2 }, 'usage'],
    [{ kind: 'shift', ids: 'all', by: -1 }, 'usage'],
  ] as [CaptionEdit, string][])('refuses %j', (edit, code) => {
    expect(() => patchFor(CUES, edit)).toThrow(expect.objectContaining({ code }) as Error);
  });
});

const edits = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    id: fc.integer({ min: -6, max: 3 }),
    text: fc.constantFrom('a', 'b c', ''),
  }),
  fc.record({
    kind: fc.constant('times' as const),
    id: fc.integer({ min: -6, max: 3 }),
    start: fc.nat(9),
    end: fc.nat(9),
  }),
  fc.record({
    kind: fc.constant('split' as const),
    id: fc.integer({ min: -6, max: 3 }),
    time: fc.nat(9),
    caret: fc.nat(4),
  }),
  fc.record({ kind: fc.constant('merge' as const), id: fc.integer({ min: -6, max: 3 }) }),
  fc.record({ kind: fc.constant('delete' as const), id: fc.integer({ min: -6, max: 3 }) }),
  fc.record({
    kind: fc.constant('insert' as const),
    start: fc.nat(4),
    end: fc.nat(9),
    text: fc.constantFrom('new one', ''),
  }),
  fc.record({
    kind: fc.constant('shift' as const),
    ids: fc.constant('all' as const),
    by: fc.integer({ min: -2, max: 3 }),
  }),
);

/** The patch of an edit, or null where it is refused, as an app would refuse it. */
function attempt(cues: readonly EditableCue[], edit: CaptionEdit): ReturnType<typeof patchFor> | null {
  try {
    return patchFor(cues, edit);
  } catch (error) {
    if (error instanceof TubeletError) return null;
    throw error;
  }
}

describe('undoing', () => {
  it('takes every edit back exactly', () => {
    fc.assert(
      fc.property(edits, (edit) => {
        const patch = attempt(CUES, edit);
        if (patch) expect(applyPatch(applyPatch(CUES, patch), inverted(patch))).toEqual(CUES);
      }),
    );
  });

  it('goes all the way back and all the way forward again', () => {
    fc.assert(
      fc.property(fc.array(edits, { maxLength: 20 }), (many) => {
        let cues = CUES;
        let history = NO_HISTORY;
        for (const edit of many) {
          const patch = attempt(cues, edit);
          if (!patch) continue;
          cues = applyPatch(cues, patch);
          history = remember(history, patch);
        }
        const edited = cues;
        for (let step = undo(history); step; step = undo(history)) {
          cues = applyPatch(cues, step.patch);
          history = step.history;
        }
        expect(cues).toEqual(CUES);
        for (let step = redo(history); step; step = redo(history)) {
          cues = applyPatch(cues, step.patch);
          history = step.history;
        }
        expect(cues).toEqual(edited);
      }),
    );
  });
});

describe('the editor of a file in a library', () => {
  const shown = (editor: CaptionEditor): [number, number, string, string][] =>
    editor.cues.map(({ start, end, text, source }) => [start, end, text, source]);

  it('ends where it began after undoing everything, and where it was after doing it again, whatever ids the library gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1000), { minLength: 1, maxLength: 12 }), async (dice) => {
        const store = temporaryStore();
        const media = addVideo(store, '/films/a.mp4', [{ shows: 'a' }]);
        const shared = { mediaId: media.id, embedding: null, packRevision: 'r1' };
        store.insertCaption({
          ...shared,
          ...cue(0, 8, 'one two three', { source: 'model', confidence: 0.5 }),
        });
        store.insertCaption({ ...shared, ...cue(10, 18, 'four five', { source: 'file' }) });
        const editor = new CaptionEditor({ store, language: scripted({}), mediaId: media.id });
        const before = shown(editor);
        for (const roll of dice) {
          const { cues } = editor;
          const target = cues[roll % Math.max(1, cues.length)];
          if (!target || roll % 5 === 0)
            await editor.perform({ kind: 'insert', start: roll, end: roll + 2, text: `new ${roll}` });
          else if (roll % 5 === 1) await editor.perform({ kind: 'delete', id: target.id });
          else if (roll % 5 === 2)
            await editor.perform({ kind: 'text', id: target.id, text: `text ${roll}` });
          else if (roll % 5 === 3 && target.text.length > 1)
            await editor.perform({
              kind: 'split',
              id: target.id,
              time: (target.start + target.end) / 2,
              caret: 1,
            });
          else await editor.perform({ kind: 'shift', ids: 'all', by: 1 });
        }
        const edited = shown(editor);
        while (await editor.undo());
        expect(shown(editor)).toEqual(before);
        while (await editor.redo());
        expect(shown(editor)).toEqual(edited);
        expect([editor.canUndo, editor.canRedo]).toEqual([true, false]);
      }),
      { numRuns: 15 },
    );
  });

  it('mends a rule as an edit that can be undone', async () => {
    const store = temporaryStore();
    const media = addVideo(store, '/films/a.mp4', [{ shows: 'a', seconds: 60 }]);
    const row = store.insertCaption({
      mediaId: media.id,
      embedding: null,
      packRevision: 'r1',
      ...cue(0, 20, 'long'),
    });
    const editor = new CaptionEditor({ store, language: scripted({}), mediaId: media.id });
    await editor.fix(row.id, 'too-long');
    expect(shown(editor)).toEqual([[0, 7, 'long', 'user']]);
    await editor.undo();
    expect(shown(editor)).toEqual([[0, 20, 'long', 'file']]);
    await expect(editor.fix(row.id, 'overlap')).rejects.toMatchObject({ code: 'usage' });
    await expect(editor.fix(999, 'gap')).rejects.toMatchObject({ code: 'not-found' });
  });
  it('judges what is shown: the model keeps the rules, and makes room for a person who does not', async () => {
    const store = temporaryStore();
    const media = addVideo(store, '/films/a.mp4', [{ shows: 'a', seconds: 60 }]);
    const say = (start: number, end: number, text: string, source: 'model' | 'user'): void => {
      const own = { mediaId: media.id, embedding: null, packRevision: 'r1' };
      store.insertCaption({ ...own, ...cue(start, end, text, { source }) });
    };
    say(0, 20, 'A man in a blue shirt is standing on a street in front of a building', 'model');
    say(20, 24, 'He walks away', 'model');
    say(24, 40, 'Grandpa', 'user');
    say(40, 44, 'Nobody is there', 'model');
    const desk = new CaptionDesk({ store, language: () => Promise.resolve(scripted({})) });
    const track = await desk.track(media.id);
    expect(track.cues.map(({ start, end }) => [start, end])).toEqual([
      [0, 20],
      [20, 24],
      [24, 40],
      [40, 44],
    ]);
    expect(track.cues.map(({ issues }) => issues.map(({ rule }) => rule))).toEqual([
      [],
      [],
      ['too-long'],
      [],
    ]);
    const grandpa = track.cues[2]!.id;
    const mended = await desk.edit({
      mediaId: media.id,
      edit: { kind: 'fix', id: grandpa, rule: 'too-long' },
    });
    expect(mended.cues.flatMap(({ issues }) => issues)).toEqual([]);
    const undone = await desk.edit({ mediaId: media.id, edit: { kind: 'undo' } });
    expect(undone.cues).toEqual(track.cues);
  });
});
