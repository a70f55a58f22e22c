import { createContext } from 'svelte';
import type { EngineClient, HostServices } from '../../electron/engine/api/client.ts';
import { PlayerStore } from './player/player.svelte.ts';
import { AskStore } from './stores/ask.svelte.ts';
import { CaptionStore } from './stores/captions.svelte.ts';
import { HealthStore } from './stores/health.svelte.ts';
import { LibraryStore } from './stores/library.svelte.ts';
import { MediaStore } from './stores/media.svelte.ts';
import { MenuStore } from './stores/menu.svelte.ts';
import { NoticeStore } from './stores/notices.svelte.ts';
import { RouteStore } from './stores/route.svelte.ts';
import { SearchStore } from './stores/search.svelte.ts';
import { SettingsStore } from './stores/settings.svelte.ts';
import { cutSheet } from './thumbnails/cut-sheet.ts';
import { CellPictures } from './thumbnails/pictures.ts';
import { WorkStore } from './stores/work.svelte.ts';

/** Everything that components share; made once, found with `useApp`. */
export interface App {
  readonly engine: EngineClient;
  readonly host: HostServices;
  readonly route: RouteStore;
  readonly notices: NoticeStore;
  readonly menu: MenuStore;
  readonly media: MediaStore;
  readonly pictures: CellPictures<ImageBitmap>;
  readonly work: WorkStore;
  readonly library: LibraryStore;
  readonly search: SearchStore;
  readonly player: PlayerStore;
  readonly captions: CaptionStore;
  readonly ask: AskStore;
  readonly health: HealthStore;
  readonly settings: SettingsStore;
}

/** Makes the stores around an engine. */
export function createApp(engine: EngineClient, host: HostServices): App {
  const notices = new NoticeStore(engine);
  const media = new MediaStore(engine);
  return {
    engine,
    host,
    notices,
    menu: new MenuStore(),
    media,
    pictures: new CellPictures(cutSheet),
    route: new RouteStore(),
    work: new WorkStore(engine, notices),
    library: new LibraryStore(engine, notices),
    search: new SearchStore(engine, notices),
    player: new PlayerStore(engine, media, notices),
    captions: new CaptionStore(engine, host, notices),
    ask: new AskStore(engine),
    health: new HealthStore(engine),
    settings: new SettingsStore(engine, notices),
  };
}

const [useApp, provideApp] = createContext<App>();
export { provideApp, useApp };
