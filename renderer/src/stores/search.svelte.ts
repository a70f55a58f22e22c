import type { EngineClient } from '../../../electron/engine/api/client.ts';
import type { Moment, SearchReply } from '../../../electron/engine/api/shapes.ts';
import type { NoticeStore } from './notices.svelte.ts';
import { OneAtATime } from '../search/one-at-a-time.ts';
import { newMoments, withoutPart } from '../search/query.ts';

const LIMIT = 120;
const REFRESH_MS = 1500;
/** How long typing has to rest before the decoder looks again at what the index found. */
const REST_MS = 200;

/** What the shown moments answer: words, a moment that they are like, or a picture. */
export type Asked =
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'like'; readonly mediaId: number; readonly at: number; readonly label: string }
  | { readonly kind: 'picture'; readonly name: string; readonly base64: string };

/** The search box and what was found. The newest question wins, whatever order replies come in. */
export class SearchStore {
  text = $state('');
  asked = $state<Asked | null>(null);
  reply = $state.raw<SearchReply | null>(null);
  busy = $state(false);
  problem = $state<unknown>(null);
  /** A newer reply that waits behind the pill, so that nothing jumps. */
  waiting = $state.raw<{ reply: SearchReply; fresh: number } | null>(null);
  suggestions = $state<readonly string[]>([]);
  /** The moment that the arrow keys are on. */
  focused = $state(0);
  scrollOffset = 0;
  /** How many moments the part that was subtracted last took away. */
  leftOut = $state<{ readonly text: string; readonly count: number } | null>(null);
  readonly #engine: EngineClient;
  readonly #notices: NoticeStore;
  #newest = 0;
  #running: Promise<void> = Promise.resolve();
  #resting: ReturnType<typeof setTimeout> | undefined;
  /** The question whose moments the person has begun to go through: nothing moves under their hand. */
  #touched = 0;
  /** The second look at the newest question, once it was asked for. */
  #second: { readonly of: number; readonly done: Promise<void> } | null = null;
  readonly #typed = new OneAtATime<string>((text) => this.run({ kind: 'words', text }));
  #refreshing: ReturnType<typeof setTimeout> | undefined;

  constructor(engine: EngineClient, notices: NoticeStore) {
    this.#engine = engine;
    this.#notices = notices;
    engine.on('library.changed', () => {
      this.#refreshing ??= setTimeout(() => {
        this.#refreshing = undefined;
        void this.#lookAgain();
        void this.suggest();
      }, REFRESH_MS);
    });
  }

  /** The person typed. */
  type(text: string): void {
    this.text = text;
    this.leftOut = null;
    if (text.trim() === '') {
      this.clear();
      return;
    }
    this.#typed.ask(text);
  }

  /**
   * Waits for the answer to what stands in the box and has the decoder look again at once; false where the person typed on meanwhile, or it could not be
   * answered.
   */
  async answered(): Promise<boolean> {
    const { text } = this;
    await this.#typed.settled();
    await this.#running;
    void this.#lookCloser();
    const { asked, reply, problem } = this;
    const own = text.trim() === '' || asked?.kind !== 'words' || asked.text === text;
    return this.text === text && own && !this.busy && problem === null && reply !== null;
  }

  /** Searches at once for words from elsewhere: a suggestion, a caption, a changed chip. */
  words(text: string): Promise<void> {
    this.#typed.forget();
    this.text = text;
    return text.trim() === '' ? Promise.resolve(this.clear()) : this.run({ kind: 'words', text });
  }

  clear(): void {
    this.#newest += 1;
    clearTimeout(this.#resting);
    this.#typed.forget();
    this.text = '';
    this.asked = null;
    this.reply = null;
    this.waiting = null;
    this.problem = null;
    this.busy = false;
    this.leftOut = null;
  }

  run(asked: Asked): Promise<void> {
    return (this.#running = this.#run(asked));
  }

  async #run(asked: Asked): Promise<void> {
    const mine = ++this.#newest;
    clearTimeout(this.#resting);
    this.asked = asked;
    this.busy = true;
    this.waiting = null;
    if (asked.kind !== 'words') {
      this.text = '';
      this.#typed.forget();
    }
    try {
      const reply = await this.#ask(asked, true);
      // Typed on meanwhile: the next answer is already on its way, and drawing this one would only delay it.
      if (mine !== this.#newest || this.#typed.outdated) return;
      this.reply = reply;
      this.problem = null;
      this.focused = 0;
      this.scrollOffset = 0;
      if (asked.kind === 'words') this.#resting = setTimeout(() => void this.#lookCloser(), REST_MS);
    } catch (error) {
      if (mine !== this.#newest) return;
      this.problem = error;
      this.reply = null;
    } finally {
      if (mine === this.#newest) this.busy = false;
    }
  }

  /** Takes a chip's part out of the query. */
  removePart(part: string): Promise<void> {
    this.leftOut = null;
    return this.words(withoutPart(this.text, part));
  }

  /** Leaves out moments that also show something, and says how many went. */
  async subtract(what: string): Promise<void> {
    const before = this.reply;
    const part = /\s/.test(what) ? `-"${what}"` : `-${what}`;
    await this.words(`${this.text.trim()} ${part}`);
    if (before !== null && this.reply !== null) {
      this.leftOut = { text: what, count: newMoments(this.reply.moments, before.moments) };
    }
  }

  /** Shows what the pill promised. */
  takeWaiting(): void {
    if (this.waiting !== null) this.reply = this.waiting.reply;
    this.waiting = null;
  }

  async suggest(): Promise<void> {
    try {
      this.suggestions = (await this.#engine.call('search.suggestions', {})).queries;
    } catch (error) {
      this.#notices.failed(error);
    }
  }

  /** The moments on screen, in order. */
  get moments(): readonly Moment[] {
    return this.reply?.moments ?? [];
  }

  /** How many of them match; the rest, in the end of the list, is only what comes closest. */
  get matches(): number {
    if (this.reply?.found !== true) return 0;
    const first = this.moments.findIndex(({ match }) => match === 'none');
    return first === -1 ? this.moments.length : first;
  }

  /** The person begins to go through the moments: from now on they keep their places. */
  touch(): void {
    this.#touched = this.#newest;
  }

  /** Has the decoder put the moments in order; once for each question. */
  #lookCloser(): Promise<void> {
    clearTimeout(this.#resting);
    if (this.asked?.kind !== 'words' || this.reply === null) return Promise.resolve();
    if (this.#second?.of !== this.#newest)
      this.#second = { of: this.#newest, done: this.#reorder(this.asked, this.#newest) };
    return this.#second.done;
  }

  async #reorder(asked: Asked, mine: number): Promise<void> {
    try {
      const reply = await this.#ask(asked);
      const untouched = this.#touched !== mine && this.scrollOffset === 0 && this.waiting === null;
      if (mine === this.#newest && untouched) this.reply = reply;
    } catch (error) {
      if (mine === this.#newest) this.#notices.failed(error);
    }
  }

  #ask(asked: Asked, quick = false): Promise<SearchReply> {
    switch (asked.kind) {
      case 'words':
        return this.#engine.call('search.moments', { query: asked.text, limit: LIMIT, quick });
      case 'like':
        return this.#engine.call('search.similar', { mediaId: asked.mediaId, at: asked.at, limit: LIMIT });
      case 'picture':
        return this.#engine.call('search.image', { name: asked.name, base64: asked.base64, limit: LIMIT });
    }
  }

  async #lookAgain(): Promise<void> {
    const { asked } = this;
    const mine = this.#newest;
    if (asked === null || this.reply === null) return;
    try {
      const reply = await this.#ask(asked);
      if (mine !== this.#newest) return;
      const fresh = newMoments(this.reply.moments, reply.moments);
      if (fresh === 0) return;
      if (this.reply.moments.length === 0) this.reply = reply;
      else this.waiting = { reply, fresh };
    } catch (error) {
      this.#notices.failed(error);
    }
  }
}
