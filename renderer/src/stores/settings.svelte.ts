import type { EngineClient } from '../../../electron/engine/api/client.ts';
import type { Settings } from '../../../electron/engine/api/shapes.ts';
import type { NoticeStore } from './notices.svelte.ts';

/** What the person set. The theme is applied here, to the document. */
export class SettingsStore {
  current = $state.raw<Settings | null>(null);
  /** The theme on screen: what is drawn on a canvas has to know. */
  shown = $state<'dark' | 'light'>('dark');
  readonly #engine: EngineClient;
  readonly #notices: NoticeStore;
  readonly #systemLight = matchMedia('(prefers-color-scheme: light)');

  constructor(engine: EngineClient, notices: NoticeStore) {
    this.#engine = engine;
    this.#notices = notices;
    this.#systemLight.addEventListener('change', () => {
      this.#applyTheme();
    });
    this.#applyTheme();
  }

  async load(): Promise<void> {
    try {
      this.#take(await this.#engine.call('settings.get', {}));
    } catch (error) {
      this.#notices.failed(error);
    }
  }

  async set(change: Partial<Settings>): Promise<void> {
    const before = this.current;
    if (before !== null) this.#take({ ...before, ...change });
    try {
      this.#take(await this.#engine.call('settings.set', change));
    } catch (error) {
      if (before !== null) this.#take(before);
      this.#notices.failed(error);
    }
  }

  #take(settings: Settings): void {
    this.current = settings;
    this.#applyTheme();
  }

  #applyTheme(): void {
    const wish = this.current?.theme ?? 'system';
    this.shown = wish === 'system' ? (this.#systemLight.matches ? 'light' : 'dark') : wish;
    document.documentElement.dataset['theme'] = this.shown;
  }
}
