/** One cell of a sheet of thumbnails: where it lies, in pixels. */
export interface CellPlace {
  /** Address of the sheet. */
  readonly url: string;
  /** Changes when the sheet at that address becomes another one. */
  readonly edition: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Gives the cells of one sheet as pictures of their own, in the order of the places; rejects where it cannot. */
export type CutSheet<P> = (url: string, places: readonly CellPlace[]) => Promise<P[]>;

const FRAME_MS = 16;
/** Sheets that are cut at the same time. */
const AT_ONCE = 2;
/** Pictures kept for the next time they are on screen: 256 x 144 pixels of four bytes make 60 MB of 400. */
const MOST_KEPT = 400;

interface Wish<P> {
  readonly place: CellPlace;
  readonly show: (picture: P) => void;
  /** When it is to be taken up, on the page's clock. */
  readonly due: number;
}

/**
 * Single thumbnails out of large sheets. Drawing a card from its sheet would decode and scale the whole sheet for a cell
 * of it, again for each card: here each sheet is decoded once for all of its cells that are wanted, away from the page's
 * own thread, and the cells are kept. What was wanted last comes first; what is no longer wanted before its turn is left
 * out.
 */
export class CellPictures<P extends { close(): void }> {
  readonly #cut: CutSheet<P>;
  readonly #mostKept: number;
  readonly #kept = new Map<string, P>();
  readonly #wishes = new Set<Wish<P>>();
  /** Wishes that may still be taken back before anything is done for them. */
  readonly #resting = new Set<Wish<P>>();
  #waking = false;
  #cutting = 0;

  constructor(cut: CutSheet<P>, mostKept: number = MOST_KEPT) {
    this.#cut = cut;
    this.#mostKept = mostKept;
  }

  /**
   * Shows a cell at once where it is known, otherwise when it has come, unless the returned function was called before.
   * @param patience milliseconds until a cell that is not known is asked for
   */
  want(place: CellPlace, show: (picture: P) => void, patience = 0): () => void {
    const known = this.#kept.get(keyOf(place));
    if (known !== undefined) {
      this.#keep(place, known);
      show(known);
      return () => undefined;
    }
    const wish = { place, show, due: performance.now() + patience };
    if (patience === 0) {
      this.#wishes.add(wish);
      // Not before everybody had their say: the cells of one sheet are wanted one after another.
      queueMicrotask(() => {
        this.#next();
      });
    } else {
      this.#resting.add(wish);
      this.#wake();
    }
    return () => {
      this.#wishes.delete(wish);
      this.#resting.delete(wish);
    };
  }

  /** Takes up the wishes that have rested for long enough, those of one frame together. */
  #wake(): void {
    const [first] = this.#resting;
    if (first === undefined || this.#waking) return;
    this.#waking = true;
    setTimeout(() => {
      this.#waking = false;
      const now = performance.now() + FRAME_MS;
      for (const wish of this.#resting) {
        if (wish.due > now) continue;
        this.#resting.delete(wish);
        this.#wishes.add(wish);
      }
      this.#next();
      this.#wake();
    }, first.due - performance.now());
  }

  #next(): void {
    while (this.#cutting < AT_ONCE) {
      const newest = [...this.#wishes].at(-1);
      if (newest === undefined) return;
      const { url, edition } = newest.place;
      const together = [...this.#wishes].filter(
        ({ place }) => place.url === url && place.edition === edition,
      );
      for (const wish of together) this.#wishes.delete(wish);
      this.#cutting += 1;
      void this.#fulfil(url, together);
    }
  }

  async #fulfil(url: string, wishes: readonly Wish<P>[]): Promise<void> {
    const places = new Map(wishes.map(({ place }) => [keyOf(place), place]));
    try {
      const pictures = await this.#cut(url, [...places.values()]);
      [...places.values()].forEach((place, index) => {
        const picture = pictures[index];
        if (picture !== undefined) this.#keep(place, picture);
      });
      for (const { place, show } of wishes) {
        const picture = this.#kept.get(keyOf(place));
        if (picture !== undefined) show(picture);
      }
    } catch {
      // Gone, or not to be read any more: the card stays blank, and asks again when it is next in sight.
    } finally {
      this.#cutting -= 1;
      this.#next();
    }
  }

  #keep(place: CellPlace, picture: P): void {
    const key = keyOf(place);
    this.#kept.delete(key);
    this.#kept.set(key, picture);
    for (const [oldest, old] of this.#kept) {
      if (this.#kept.size <= this.#mostKept) return;
      this.#kept.delete(oldest);
      old.close();
    }
  }
}

function keyOf({ url, edition, x, y }: CellPlace): string {
  return `${url} ${edition} ${x} ${y}`;
}
