import { describe, expect, test } from 'vitest';
import { World } from './world.ts';

const NOTHING = ['lamp', 'lamp', 'lamp'];

describe('a search for what is seen', () => {
  test('finds the moment, merges its clips and opens it inside', async () => {
    const world = new World();
    world.filler(10);
    const film = world.film('/films/zoo.mp4', [
      'snow',
      'giraffe zoo',
      'giraffe zoo',
      'giraffe zoo',
      'river',
      'river',
    ]);
    const { found, moments, clips } = await world.searcher.moments('a giraffe in the zoo');
    expect(found).toBe(true);
    expect(clips).toBe(106);
    const [best] = moments;
    expect(best).toMatchObject({
      mediaId: film.id,
      path: film.path,
      kind: 'video',
      start: 4,
      end: 16,
      match: 'strong',
    });
    expect(best!.peak).toBeGreaterThan(4);
    expect(best!.peak).toBeLessThan(16);
  });

  test('says that nothing matches when nothing does, and still names the nearest misses', async () => {
    const world = new World();
    world.filler(10);
    const { found, moments } = await world.searcher.moments('a submarine under polar ice', { limit: 5 });
    expect(found).toBe(false);
    expect(moments).toHaveLength(5);
    expect(moments.every(({ match }) => match === 'weak' || match === 'none')).toBe(true);
  });

  test('works in a library of one clip: it knows what it shows, and what not', async () => {
    const world = new World();
    world.film('/films/one.mp4', ['giraffe zoo']);
    expect((await world.searcher.moments('a giraffe in the zoo')).found).toBe(true);
    expect((await world.searcher.moments('a submarine under polar ice')).moments[0]?.match).not.toBe(
      'strong',
    );
  });

  test('works in a library that is full of what is asked for', async () => {
    const world = new World();
    for (let film = 0; film < 12; film++) {
      world.film(`/films/dog ${film}.mp4`, ['dog beach', 'dog grass', 'dog car', 'dog snow', 'dog sofa']);
    }
    const { moments } = await world.searcher.moments('a dog', { limit: 12 });
    expect(moments.filter(({ match }) => match === 'strong' || match === 'likely').length).toBeGreaterThan(8);
  });

  test('works in an empty library', async () => {
    const world = new World();
    expect(await world.searcher.moments('a dog')).toMatchObject({ found: false, moments: [], clips: 0 });
  });

  test('sees what was indexed and removed since the last search', async () => {
    const world = new World();
    world.filler(10);
    expect((await world.searcher.moments('giraffe zoo')).found).toBe(false);
    const film = world.film('/films/zoo.mp4', ['giraffe zoo', 'giraffe zoo']);
    expect((await world.searcher.moments('giraffe zoo')).moments[0]?.mediaId).toBe(film.id);
    world.store.removeMedia(film.id);
    const { moments, found } = await world.searcher.moments('giraffe zoo');
    expect(found).toBe(false);
    expect(moments.some(({ mediaId }) => mediaId === film.id)).toBe(false);
  });

  test('shows no moment of a file that is gone', async () => {
    const world = new World();
    const film = world.film('/films/zoo.mp4', ['giraffe zoo']);
    world.store.markMissing(film.id);
    expect((await world.searcher.moments('giraffe zoo')).moments).toEqual([]);
  });

  test('gives the same answers from the graph as from the exact scan', async () => {
    const exact = new World();
    const graph = new World({ crossover: 50 });
    for (const world of [exact, graph]) {
      world.filler(10);
      world.film('/films/zoo.mp4', ['giraffe zoo', 'river', 'giraffe zoo']);
      await world.vectors.refresh();
      await world.vectors.settled();
    }
    expect(graph.vectors.answeredBy).toBe('graph');
    expect(exact.vectors.answeredBy).toBe('exact');
    const stable = async (world: World): Promise<unknown> =>
      (await world.searcher.moments('giraffe zoo')).moments;
    expect(await stable(graph)).toEqual(await stable(exact));
  });
});

describe('many queries at once', () => {
  test('are answered in their order, as one by one, with their texts embedded in batches', async () => {
    const world = new World();
    world.filler(6);
    const queries = Array.from(
      { length: 150 },
      (_, i) => ['a lamp', 'snow river', 'piano -lamp', 'train then snow'][i % 4]!,
    );
    await world.searcher.moments('warm');
    const before = world.language.calls;
    const replies = [];
    for await (const reply of world.searcher.momentsOfMany(queries, { limit: 3 })) replies.push(reply);
    expect(world.language.calls - before).toBe(3);
    expect(replies.map(({ query }) => query)).toEqual(queries);
    const alone = await world.searcher.moments('snow river', { limit: 3 });
    expect(replies[1]?.moments).toEqual(alone.moments);
  });

  test('embed the everyday phrases once a library, not once a run', async () => {
    const world = new World();
    world.filler(1);
    await world.searcher.moments('a lamp');
    expect(world.language.texts).toBe(201);
    const again = new World();
    again.store.setSetting('search.phrases', world.store.setting('search.phrases'));
    await again.searcher.moments('a lamp');
    expect(again.language.texts).toBe(1);
  });

  test('stop when they are cancelled', async () => {
    const world = new World();
    const stop = new AbortController();
    stop.abort();
    await expect(world.searcher.moments('a lamp', { signal: stop.signal })).rejects.toThrow(/abort/i);
  });
});

describe('the query language', () => {
  test('takes away what follows a minus', async () => {
    const world = new World();
    world.filler(8);
    const grass = world.film('/films/grass.mp4', ['dog grass', 'dog grass']);
    const sand = world.film('/films/sand.mp4', ['dog sand', 'dog sand']);
    const { moments } = await world.searcher.moments('dog -grass');
    expect(moments[0]?.mediaId).toBe(sand.id);
    expect(moments.find(({ mediaId }) => mediaId === grass.id)?.match ?? 'none').toBe('none');
  });

  test('with nothing but a minus shows what is least like it', async () => {
    const world = new World();
    world.film('/films/grass.mp4', ['dog grass']);
    const sand = world.film('/films/sand.mp4', ['piano lamp']);
    expect((await world.searcher.moments('-"dog grass"')).moments[0]?.mediaId).toBe(sand.id);
  });

  test('finds one thing after another, in one file and in that order', async () => {
    const world = new World();
    world.filler(8);
    const right = world.film('/films/right.mp4', ['lamp', 'giraffe', 'lamp', 'submarine', 'lamp']);
    world.film('/films/wrong way.mp4', ['submarine', 'lamp', 'giraffe']);
    world.film('/films/too far.mp4', ['giraffe', ...Array.from({ length: 20 }, () => 'lamp'), 'submarine']);
    const { found, moments, chips } = await world.searcher.moments('giraffe then submarine');
    expect(found).toBe(true);
    expect(moments[0]).toMatchObject({ mediaId: right.id, start: 4, end: 16, peak: 6 });
    expect(moments.filter(({ score }) => score >= 0.6)).toHaveLength(1);
    expect(chips).toEqual([{ kind: 'then', label: 'then, within 30 s', text: 'then' }]);
  });

  test('takes “then” as a word of the sentence where one thing after another is nowhere to be found', async () => {
    const world = new World();
    world.filler(8);
    const photo = world.photo('/films/jump.jpg', 'giraffe jumps runs');
    const { found, moments } = await world.searcher.moments('a giraffe jumps then runs');
    expect(found).toBe(true);
    expect(moments[0]?.mediaId).toBe(photo.id);
  });

  test('filters by folder, kind, length and day, and lists the files where nothing else is asked', async () => {
    const world = new World();
    const old = world.film('/films/spring/a.mp4', ['dog', 'dog', 'dog'], '2024-04-01T10:00:00Z');
    const late = world.film('/films/summer/b.mp4', ['dog'], '2024-07-01T10:00:00Z');
    const photo = world.photo('/films/summer/c.jpg', 'dog');
    const ids = async (query: string): Promise<number[]> =>
      (await world.searcher.moments(query)).moments.map(({ mediaId }) => mediaId);
    expect((await ids('dog')).sort()).toEqual([old.id, late.id, photo.id]);
    expect(await ids('dog in:spring')).toEqual([old.id]);
    expect((await ids('dog in:summer')).sort()).toEqual([late.id, photo.id]);
    expect(await ids('dog type:image')).toEqual([photo.id]);
    expect(await ids('dog longer:10s')).toEqual([old.id]);
    expect(await ids('dog after:2024-05 before:2025')).toEqual([late.id]);
    expect(await ids('type:video')).toEqual([late.id, old.id]);
    expect(await ids('dog in:nowhere')).toEqual([]);
  });

  test('finds quoted words in captions and subtitles, and joins them with what is seen', async () => {
    const world = new World();
    world.filler(5);
    const speech = world.film('/films/speech.mp4', ['lamp', 'lamp', 'lamp', 'lamp']);
    const caption = { mediaId: speech.id, embedding: null, packRevision: null };
    world.store.replaceFileCaptions(speech.id, [
      { ...caption, start: 5, end: 7, text: 'Thank you all for coming.', source: 'file', confidence: 1 },
      { ...caption, start: 9, end: 11, text: 'You all may thank me.', source: 'file', confidence: 1 },
    ]);
    const { found, moments } = await world.searcher.moments('"thank you"');
    expect(found).toBe(true);
    expect(moments).toHaveLength(1);
    expect(moments[0]).toMatchObject({
      mediaId: speech.id,
      start: 5,
      end: 7,
      words: 'Thank you all for coming.',
    });
    const both = await world.searcher.moments('lamp "thank you"');
    expect(both.moments.some(({ words }) => words === 'Thank you all for coming.')).toBe(true);
  });

  test("finds a person's own caption by plain words, but not the model's", async () => {
    const world = new World();
    const film = world.film('/films/party.mp4', NOTHING);
    const row = { mediaId: film.id, start: 0, end: 4, embedding: null, packRevision: null };
    world.store.insertCaption({ ...row, text: 'Grandma laughs', source: 'user', confidence: 1 });
    world.store.insertCaption({
      ...row,
      start: 4,
      end: 8,
      text: 'a submarine',
      source: 'model',
      confidence: 0.9,
    });
    expect((await world.searcher.moments('grandma laughs')).moments[0]).toMatchObject({
      score: 1,
      words: 'Grandma laughs',
    });
    expect(
      (await world.searcher.moments('submarine')).moments.every(({ words }) => words === undefined),
    ).toBe(true);
  });

  test('tells what it took as plain words', async () => {
    const world = new World();
    world.film('/films/box.mp4', ['box']);
    const { notes, moments } = await world.searcher.moments("what's in: the box?");
    expect(notes).toHaveLength(1);
    expect(moments).toHaveLength(1);
  });
});

describe('a search by picture', () => {
  test('finds what looks like it, whether given or already in the library', async () => {
    const world = new World();
    world.filler(6);
    const a = world.film('/films/a.mp4', ['snow', 'giraffe zoo', 'river']);
    const b = world.film('/films/b.mp4', ['river', 'river', 'giraffe zoo']);
    const given = await world.searcher.similarTo({ embedding: world.picture('giraffe zoo') });
    expect(
      given.moments
        .slice(0, 2)
        .map(({ mediaId }) => mediaId)
        .sort(),
    ).toEqual([a.id, b.id]);
    expect(given.found).toBe(true);
    const similar = await world.searcher.similarTo({ mediaId: a.id, at: 5 });
    expect(similar.moments[0]).toMatchObject({ mediaId: b.id, start: 8 });
    expect(similar.moments.some(({ mediaId, start }) => mediaId === a.id && start === 4)).toBe(false);
  });

  test('says which file is not indexed', async () => {
    const world = new World();
    await expect(world.searcher.similarTo({ mediaId: 99, at: 0 })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('a lane', () => {
  test('holds every clip of the file, with peaks where it matches', async () => {
    const world = new World();
    world.filler(10);
    const film = world.film('/films/zoo.mp4', [
      'snow',
      'giraffe zoo',
      'snow',
      'river',
      'giraffe zoo',
      'giraffe zoo',
    ]);
    const lane = await world.searcher.lane(film.id, 'giraffe zoo');
    expect(lane.clips).toHaveLength(6);
    expect(lane.clips[1]!.score).toBeGreaterThan(0.9);
    expect(lane.clips[0]!.score).toBeLessThan(0.3);
    expect(lane.peaks.map(({ time }) => time)[0]).toBe(6);
    expect(lane.peaks).toHaveLength(2);
  });

  test('agrees with the moments of the same query', async () => {
    const world = new World();
    world.filler(10);
    const film = world.film('/films/zoo.mp4', ['snow', 'giraffe zoo', 'snow']);
    const [moment] = (await world.searcher.moments('giraffe zoo')).moments;
    const lane = await world.searcher.lane(film.id, 'giraffe zoo');
    expect(lane.clips[1]!.score).toBeCloseTo(moment!.score, 12);
  });

  test('of a file without a match is flat and has no peaks', async () => {
    const world = new World();
    world.filler(10);
    const film = world.film('/films/still.mp4', ['river', 'river', 'river']);
    expect((await world.searcher.lane(film.id, 'giraffe zoo')).peaks).toEqual([]);
  });

  test('of a file that is not there is an error', async () => {
    await expect(new World().searcher.lane(5, 'x')).rejects.toMatchObject({ code: 'not-found' });
  });
});
