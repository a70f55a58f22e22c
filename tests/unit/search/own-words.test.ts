import { describe, expect, it } from 'vitest';
import type { CaptionSource } from '../../../electron/engine/library/types.ts';
import { LIKELY } from '../../../electron/engine/search/calibration.ts';
import { OwnWords } from '../../../electron/engine/search/own-words.ts';
import { bagOfWords, PACK, scripted } from '../captions/language.ts';
import { addVideo, temporaryStore } from '../captions/library.ts';

const SAME = 0.6;

function library() {
  const store = temporaryStore();
  const media = addVideo(store, '/films/kitchen.mp4', [{ shows: 'kitchen' }]);
  const write = (text: string, source: CaptionSource, packRevision: string) =>
    store.insertCaption({
      ...{ mediaId: media.id, start: 0, end: 4, text, source, confidence: 1, packRevision },
      // What another pack made of it is of no use here.
      embedding: packRevision === PACK.revision ? bagOfWords(text) : new Float32Array(3),
    });
  return { store, write, words: new OwnWords(store, scripted({}), PACK.revision, SAME) };
}

describe('what people wrote', () => {
  it('is found by its meaning, the nearest first, from the cosine on at which texts say the same', async () => {
    const { write, words } = library();
    write('grandpa cooks soup', 'user', PACK.revision);
    write('grandpa cooks soup slowly today', 'user', PACK.revision);
    write('the dog sleeps', 'user', PACK.revision);
    await words.refresh();
    const meant = words.meaning(bagOfWords('soup cooks grandpa'), 10);
    expect(meant.map(({ caption }) => caption.text)).toEqual([
      'grandpa cooks soup',
      'grandpa cooks soup slowly today',
    ]);
    expect(meant[0]?.strength).toBeCloseTo(1, 5);
    expect(meant[1]?.strength).toBeGreaterThan(LIKELY);
    expect(meant[1]?.strength).toBeLessThan(1);
  });

  it('is embedded anew under another model, and the model’s own captions are no part of it', async () => {
    const { write, words } = library();
    write('grandpa cooks soup', 'user', 'an older pack');
    write('grandpa cooks soup', 'model', PACK.revision);
    await words.refresh();
    const meant = words.meaning(bagOfWords('grandpa cooks soup'), 10);
    expect(meant.map(({ caption }) => caption.source)).toEqual(['user']);
  });

  it('follows what is written, changed and taken away', async () => {
    const { store, write, words } = library();
    const { id } = write('grandpa cooks soup', 'user', PACK.revision);
    const texts = async (query: string): Promise<string[]> => {
      await words.refresh();
      return words.meaning(bagOfWords(query), 10).map(({ caption }) => caption.text);
    };
    expect(await texts('grandpa cooks soup')).toHaveLength(1);
    await new Promise((later) => setTimeout(later, 5));
    store.updateCaption(id, { text: 'the dog sleeps', embedding: bagOfWords('the dog sleeps') });
    expect(await texts('grandpa cooks soup')).toEqual([]);
    expect(await texts('the dog sleeps')).toEqual(['the dog sleeps']);
    store.deleteCaption(id);
    expect(await texts('the dog sleeps')).toEqual([]);
  });
});
