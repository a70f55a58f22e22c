import { describe, expect, it } from 'vitest';
import { ask, type Answer } from '../../../electron/engine/answers/ask.ts';
import type { MomentSearcher, QuestionScope } from '../../../electron/engine/answers/evidence.ts';
import { locate } from '../../../electron/engine/answers/locate.ts';
import { sayWhen, spokenTime } from '../../../electron/engine/answers/times.ts';
import type { SqliteStore } from '../../../electron/engine/library/store.ts';
import { matchWord } from '../../../electron/engine/search/calibration.ts';
import type { Moment } from '../../../electron/engine/search/types.ts';
import { AT_ITS_WORD } from '../../../electron/engine/models/calibration.ts';
import { bagOfWords, generation, PACK, scripted, type Script } from '../captions/language.ts';
import { addVideo, temporaryStore } from '../captions/library.ts';

/** Searches by the words that query and picture share; a clip that shares none does not match. */
function wordSearcher(store: SqliteStore): MomentSearcher {
  const scored = (mediaId: number, query: string): Moment[] => {
    const media = store.media(mediaId)!;
    const wanted = bagOfWords(query);
    return store.mediaEmbeddings(mediaId, PACK.revision).map(({ clip, embedding }) => {
      const score = Math.min(
        1,
        1.5 * wanted.reduce((sum, value, axis) => sum + value * (embedding[axis] ?? 0), 0),
      );
      const { start, end } = clip;
      const { path, kind } = media;
      return {
        mediaId,
        path,
        kind,
        start,
        end,
        peak: (start + end) / 2,
        score,
        match: matchWord(score),
        clipId: clip.id,
      };
    });
  };
  return {
    moments: (query, { limit, filters }) => {
      const ids = filters?.mediaIds ?? store.allMedia().map(({ id }) => id);
      const moments = ids.flatMap((id) => scored(id, query)).sort((a, b) => b.score - a.score);
      const found = moments.some(({ match }) => match === 'strong' || match === 'likely');
      const reply = {
        query,
        found,
        moments: moments.slice(0, limit),
        clips: moments.length,
        milliseconds: 0,
      };
      return Promise.resolve({ ...reply, chips: [], notes: [] });
    },
    lane: (mediaId, query) => Promise.resolve({ mediaId, query, clips: scored(mediaId, query), peaks: [] }),
  };
}

/** A library of two films: a black dog and a red car in the first (clips 0, 1), an empty street in the second (clip 2). */
function films(): { store: SqliteStore; dogs: number; street: number } {
  const store = temporaryStore();
  const dogs = addVideo(store, '/films/dogs.mp4', [
    { shows: 'black dog grass' },
    { shows: 'red car', cut: true },
  ]).id;
  const street = addVideo(store, '/films/street.mp4', [{ shows: 'empty street' }], 2).id;
  return { store, dogs, street };
}

const SCRIPT: Script = {
  answer: (clip, question) => {
    const words = [
      { dog: 'running', car: 'unknown' },
      { dog: 'unknown', car: 'red' },
      { dog: 'unknown', car: 'unknown' },
    ][clip]!;
    return generation(
      question.includes('dog') ? words.dog : question.includes('car') ? words.car : 'street',
      0.8,
    );
  },
  scores: (clip, question, candidates) =>
    candidates.map((candidate) => {
      const seen = question.includes('dog') ? clip === 0 : question.includes('car') && clip === 1;
      const truth = candidates.includes('yes') ? (seen ? 'yes' : 'no') : seen ? 'red' : 'unknown';
      return Math.log(candidate === truth ? 0.9 : 0.01);
    }),
};

function asking(
  library: ReturnType<typeof films>,
  question: string,
  scope: QuestionScope,
  script = SCRIPT,
): Promise<Answer> {
  const { store } = library;
  return ask({ store, language: scripted(script), searcher: wordSearcher(store), question, scope });
}

describe('asking', () => {
  it.each([
    ['What is the dog doing?', 'running'],
    ['What colour is the car?', 'red'],
    ['Is the car red or blue?', 'red'],
    ['Is there a dog?', 'yes'],
    ['Is there an elephant?', 'no'],
  ])('the library: %s', async (question, answer) => {
    const reply = await asking(films(), question, { kind: 'library' });
    expect(reply).toMatchObject({ question, answer });
    expect(reply.confidence).toBeGreaterThan(0.5);
  });

  it('names the moments where the answer was seen', async () => {
    const { moments } = await asking(films(), 'What is the dog doing?', { kind: 'library' });
    expect(moments.map(({ path, start }) => [path, start])).toEqual([['/films/dogs.mp4', 0]]);
  });

  it('says nothing where nothing matches, or the decoder does not know, and shows the nearest moments', async () => {
    const nothing = await asking(films(), 'What colour is the elephant?', { kind: 'library' });
    expect(nothing).toMatchObject({ answer: null });
    expect(nothing.moments.length).toBeGreaterThan(0);
    const library = films();
    const unknown = await asking(library, 'What colour is the dog?', {
      kind: 'moment',
      mediaId: library.street,
      at: 1,
    });
    expect(unknown.answer).toBeNull();
  });

  it('answers in a word that it knows: `unknown` is none, however sure of it the decoder is', async () => {
    const { answer } = await asking(
      films(),
      'What is the dog doing?',
      { kind: 'library' },
      {
        ...SCRIPT,
        answer: () => ({ ...generation('unknown', 0.3), others: [generation('running', 0.6)] }),
      },
    );
    expect(answer).toBe('running');
  });

  it('takes the picture’s side where the decoder wavers between two words', async () => {
    const wavering = { ...generation('swimming', 0.53), others: [generation('grass', 0.52)] };
    const { answer } = await asking(
      films(),
      'What is the dog on?',
      { kind: 'library' },
      {
        ...SCRIPT,
        answer: () => wavering,
      },
    );
    expect(answer).toBe('grass');
  });

  it('goes by what was measured of the very revision of the pack', async () => {
    const measured = (revision: string): Script => ({
      ...SCRIPT,
      answer: () => generation('running', 0.3),
      calibration: {
        revision,
        captions: { trust: AT_ITS_WORD, sameMeaning: 0.8 },
        answers: { sameAnswer: 0.9, kinds: { doing: { trust: AT_ITS_WORD, abstainBelow: 0.2 } } },
        places: { trust: AT_ITS_WORD, presentFrom: 0.5 },
      },
    });
    const ofThis = await asking(
      films(),
      'What is the dog doing?',
      { kind: 'library' },
      measured(PACK.revision),
    );
    expect(ofThis.answer).toBe('running');
    const ofAnother = await asking(films(), 'What is the dog doing?', { kind: 'library' }, measured('r0'));
    expect(ofAnother.answer).toBeNull();
  });

  it('over a library takes a yes without a match neither for a yes nor for a no, but in a file for a yes', async () => {
    const library = films();
    const always = { ...SCRIPT, scores: () => [Math.log(0.9), Math.log(0.1)] };
    const everywhere = await asking(library, 'Is there an elephant?', { kind: 'library' }, always);
    expect(everywhere.answer).toBeNull();
    const scope = { kind: 'media', mediaId: library.dogs } as const;
    expect((await asking(library, 'Is there an elephant?', scope, always)).answer).toBe('yes');
  });

  it('says nothing where the decoder is unsure', async () => {
    const unsure = { ...SCRIPT, answer: () => generation('running', 0.1) };
    expect(await asking(films(), 'What is the dog doing?', { kind: 'library' }, unsure)).toMatchObject({
      answer: null,
    });
  });

  it('keeps to the file, or to the moment, that is asked about', async () => {
    const library = films();
    const inFile = await asking(library, 'Is there a dog?', { kind: 'media', mediaId: library.street });
    expect(inFile.answer).toBe('no');
    const atCar = await asking(library, 'Is there a dog?', { kind: 'moment', mediaId: library.dogs, at: 5 });
    expect(atCar.answer).toBe('no');
    const atDog = await asking(library, 'Is there a dog?', { kind: 'moment', mediaId: library.dogs, at: 2 });
    expect(atDog).toMatchObject({ answer: 'yes', moments: [{ start: 0, end: 4 }] });
  });

  it('answers "when" with times, also with a model that only searches', async () => {
    const library = films();
    const script: Script = { capabilities: ['search'] };
    const inFile = await asking(
      library,
      'When does the red car come?',
      { kind: 'media', mediaId: library.dogs },
      script,
    );
    expect(inFile.answer).toBe('0:04 to 0:08');
    expect(await asking(library, 'When is the black dog seen?', { kind: 'library' }, script)).toMatchObject({
      answer: '0:00 to 0:04 in dogs.mp4',
    });
    expect(
      (await asking(library, 'When does the elephant sing?', { kind: 'library' }, script)).answer,
    ).toBeNull();
  });

  it('keeps every question with its answer', async () => {
    const library = films();
    await asking(library, 'Is there a dog?', { kind: 'library' });
    await asking(library, 'What colour is the elephant?', { kind: 'library' });
    expect(library.store.questions(5).map(({ question, answer }) => [question, answer])).toEqual([
      ['What colour is the elephant?', null],
      ['Is there a dog?', 'yes'],
    ]);
  });

  it('refuses an empty question, an unknown file, and a pack that cannot answer', async () => {
    const library = films();
    await expect(asking(library, ' ?! ', { kind: 'library' })).rejects.toMatchObject({ code: 'usage' });
    await expect(asking(library, 'Is it red?', { kind: 'media', mediaId: 99 })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(asking(library, 'When is it red?', { kind: 'media', mediaId: 99 })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(
      asking(library, 'Is it red?', { kind: 'library' }, { capabilities: ['search'] }),
    ).rejects.toMatchObject({
      code: 'pack-incapable',
    });
  });
});

describe('times', () => {
  it.each([
    [0, '0:00'],
    [63.9, '1:03'],
    [3725, '1:02:05'],
  ])('%d s is %s', (seconds, said) => {
    expect(spokenTime(seconds)).toBe(said);
  });

  it('come in order within a file, best first over a library', () => {
    const moment = (start: number, score: number): Moment => ({
      ...{ mediaId: 1, path: '/a.mp4', kind: 'video', start, end: start + 4, peak: start + 2, score },
      ...{ match: matchWord(score), clipId: start },
    });
    const found = [moment(60, 0.99), moment(8, 0.95), moment(0, 0.1)];
    expect(sayWhen(found, true)?.text).toBe('0:08 to 0:12 and 1:00 to 1:04');
    expect(sayWhen(found, false)?.text).toBe('1:00 to 1:04 in a.mp4 and 0:08 to 0:12 in a.mp4');
    expect(sayWhen([moment(0, 0.1)], true)).toBeNull();
  });
});

describe('locating', () => {
  const heat = [0, 0.1, 0, 0.1, 0.9, 0.1, 0, 0.1, 0];

  it('gives a box and the heat by rows for what is there', async () => {
    const { store, dogs } = films();
    const language = scripted({ heat: () => Float32Array.from(heat) });
    const place = await locate({ store, language, mediaId: dogs, at: 1, phrase: 'Dog' });
    expect(place).toMatchObject({ phrase: 'Dog', present: true });
    expect(place.heat.map((row) => row.map((value) => Number(value.toFixed(2))))).toEqual([
      [0, 0.1, 0],
      [0.1, 0.9, 0.1],
      [0, 0.1, 0],
    ]);
    const [x, y, width, height] = place.box!;
    expect([x + width / 2, y + height / 2].map((middle) => middle.toFixed(2))).toEqual(['0.50', '0.50']);
    expect(width).toBeLessThan(0.5);
    expect(height).toBeLessThan(0.5);
  });

  it('says when the thing is not there', async () => {
    const { store, dogs } = films();
    const language = scripted({ heat: () => Float32Array.from(heat, (value) => value / 4) });
    expect(await locate({ store, language, mediaId: dogs, at: 1, phrase: 'cat' })).toMatchObject({
      present: false,
      box: null,
    });
  });

  it('refuses no phrase, an unknown file, and a pack without places', async () => {
    const { store, dogs } = films();
    const language = scripted({});
    await expect(locate({ store, language, mediaId: dogs, at: 1, phrase: ' ' })).rejects.toMatchObject({
      code: 'usage',
    });
    await expect(locate({ store, language, mediaId: 99, at: 1, phrase: 'x' })).rejects.toMatchObject({
      code: 'not-found',
    });
    const blind = scripted({ capabilities: ['search'] });
    await expect(locate({ store, language: blind, mediaId: dogs, at: 1, phrase: 'x' })).rejects.toMatchObject(
      { code: 'pack-incapable' },
    );
  });
});
