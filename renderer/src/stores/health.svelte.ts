import type { EngineClient } from '../../../electron/engine/api/client.ts';
import type { Health, PackSummary } from '../../../electron/engine/api/shapes.ts';

/** Milliseconds from the first connection to the first look, which runs every model once: the person comes first. */
const FIRST_LOOK = 6000;

/** Whether everything works, and what does not. */
export class HealthStore {
  report = $state.raw<Health | null>(null);
  packs = $state.raw<readonly PackSummary[]>([]);
  busy = $state(false);
  problem = $state<unknown>(null);
  /** True when something needs a person. */
  readonly needsPerson = $derived(
    this.report !== null &&
      (this.report.failures.length > 0 || this.report.checks.some((check) => check.state !== 'good')),
  );
  /** What the model in use can do; null before it is known. */
  readonly can = $derived(this.packs.find((pack) => pack.inUse)?.capabilities ?? null);
  readonly #engine: EngineClient;
  #looked = false;

  constructor(engine: EngineClient) {
    this.#engine = engine;
    engine.onConnection((state) => {
      if (state !== 'connected') return;
      // What is wrong with them is told by the report.
      void this.#learnPacks().catch(() => undefined);
      if (this.#looked) void this.look();
      else setTimeout(() => void (this.#looked || this.look()), FIRST_LOOK);
    });
  }

  async look(): Promise<void> {
    this.#looked = true;
    this.busy = true;
    try {
      const [report] = await Promise.all([this.#engine.call('health.report', {}), this.#learnPacks()]);
      this.report = report;
      this.problem = null;
    } catch (error) {
      this.problem = error;
    } finally {
      this.busy = false;
    }
  }

  async #learnPacks(): Promise<void> {
    this.packs = (await this.#engine.call('models.list', {})).packs;
  }
}
