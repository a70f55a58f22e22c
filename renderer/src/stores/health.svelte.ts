import type { EngineClient } from '../../../electron/engine/api/client.ts';
import type { Health, PackSummary } from '../../../electron/engine/api/shapes.ts';

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

  constructor(engine: EngineClient) {
    this.#engine = engine;
    engine.onConnection((state) => {
      if (state === 'connected') void this.look();
    });
  }

  async look(): Promise<void> {
    this.busy = true;
    try {
      const [report, models] = await Promise.all([
        this.#engine.call('health.report', {}),
        this.#engine.call('models.list', {}),
      ]);
      this.report = report;
      this.packs = models.packs;
      this.problem = null;
    } catch (error) {
      this.problem = error;
    } finally {
      this.busy = false;
    }
  }
}
