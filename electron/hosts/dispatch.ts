import { ask } from '../engine/answers/ask.ts';
import { locate } from '../engine/answers/locate.ts';
import { Engine, type EngineOptions } from '../engine/engine.ts';
import { openPreview } from '../engine/media/preview.ts';
import { detailOf, placeOf } from './channels/detail.ts';
import { exportMoments, exportStretch } from './channels/exports.ts';
import { listFolders } from './channels/folders.ts';
import { healthOf, packsOut } from './channels/health.ts';
import { searchPicture } from './channels/pictures.ts';
import { laneOut, momentOut, replyOut, suggestions } from './channels/search.ts';
import { Session } from './channels/session.ts';
import { createDispatcher, type Dispatcher, type Handlers } from './contract/dispatcher.ts';
import { EventHub } from './contract/events.ts';
import type { Log } from './contract/log.ts';
import type { MediaServices } from './media/answer.ts';
import type { MediaPlaces } from './media/access.ts';
import { Posters } from './media/posters.ts';

/** An open library as a host holds it. */
export interface OpenApp {
  readonly dispatcher: Dispatcher;
  /** Where files lie, by id. */
  readonly places: MediaPlaces;
  /** Everything that serving media needs. */
  readonly media: MediaServices;
  /** Stops background work at a point from which it can go on, and lets the library go. */
  close(): Promise<void>;
}

/**
 * Opens a library for the app: goes on with what was left to do, and answers every channel of the contract.
 *
 * @throws TubeletError as `Engine.open`.
 */
export async function openApp(options: EngineOptions, log: Log): Promise<OpenApp> {
  const engine = Engine.open(options);
  const events = new EventHub(log);
  const session = new Session(engine, events, log);
  const places: MediaPlaces = { place: (id) => Promise.resolve(placeOf(engine.store, id)) };
  const posters = new Posters(() => engine.binaries());
  await session.begin();
  return {
    dispatcher: createDispatcher(engineHandlers(session), events),
    places,
    media: {
      places,
      log,
      async openPreview({ path, place }, from, signal) {
        const binaries = await engine.binaries();
        // `answerMedia` asks for previews of videos that have been looked at only: their facts are there.
        const facts = place.facts;
        if (facts === null) throw new TypeError('a preview without facts');
        return openPreview(path, facts, from, { binaries, signal }).stream;
      },
      makePoster: (folder, signal) => posters.make(folder, signal),
    },
    close: () => session.close(),
  };
}

/** What answers each channel: thin calls of the session and of the engine. */
export function engineHandlers(session: Session): Handlers {
  const { engine } = session;
  const { store } = engine;
  return {
    'library.overview': () => session.overview(),
    'library.add': ({ paths }) => session.add(paths),
    'library.remove': ({ rootId }) => session.remove(rootId),
    'library.media': (request) => session.listing.page(request),
    'library.item': ({ mediaId }) => detailOf(store, mediaId, session.packRevision),
    'library.rescan': () => session.rescan(),
    'library.retry': ({ mediaId }) => session.retry(mediaId),
    'library.refresh': () => session.refresh(),
    'library.sample': () => session.addSample(),
    'folders.list': ({ path }) => listFolders(path),

    'work.pause': ({ kind }) => session.pause(kind),
    'work.resume': ({ kind }) => session.resume(kind),
    'work.cancel': ({ kind }) => session.cancel(kind),

    'search.moments': async ({ query, limit, quick }) =>
      replyOut(await (await engine.searcher()).moments(query, { limit, quick: quick ?? false })),
    'search.similar': async ({ mediaId, at, limit }) =>
      replyOut(await (await engine.searcher()).similarTo({ mediaId, at }, { limit })),
    'search.image': async (request) => replyOut(await searchPicture(engine, request, session.signal)),
    'search.lane': async ({ mediaId, query }) =>
      laneOut(await (await engine.searcher()).lane(mediaId, query)),
    'search.suggestions': () => {
      // Pages ask for these when they have been drawn.
      session.pageShown();
      const looked = store.mediaPlaces().filter(({ state }) => state === 'indexed');
      return { queries: suggestions(store, looked) };
    },

    'captions.list': ({ mediaId }) => session.captions.track(mediaId),
    'captions.describe': ({ mediaId }) => {
      session.describing.start(mediaId);
      return session.overview();
    },
    'captions.edit': (request) => session.editCaptions(request),
    'captions.export': (request) => session.captions.export(request),
    'captions.import': (request) => session.importCaptions(request),

    'answers.ask': async ({ question, scope }) => {
      const [language, searcher] = await Promise.all([engine.language(), engine.searcher()]);
      const answer = await ask({ store, language, searcher, question, scope, signal: session.signal });
      return { ...answer, moments: answer.moments.map(momentOut) };
    },
    'places.locate': async ({ phrase, mediaId, at }) => {
      const place = await locate({ store, language: await engine.language(), mediaId, at, phrase });
      return {
        phrase: place.phrase,
        present: place.present,
        box: place.box === null ? null : [...place.box],
        score: place.score,
        heat: place.heat.map((row) => [...row]),
      };
    },

    'export.range': async (request) =>
      exportStretch({ store, binaries: await engine.binaries(), signal: session.signal }, request),
    'export.moments': (request) => exportMoments(store, request),

    'health.report': () => healthOf(engine, session.listing.withState('failed')),
    'models.list': async () => ({
      packs: packsOut(await engine.models(), await session.packDirectory()),
    }),
    'settings.get': () => engine.settings(),
    'settings.set': (request) => session.changeSettings(request),
  };
}
