import type { EngineClient } from '../../../electron/engine/api/client.ts';
import { EngineFailure } from '../../../electron/engine/api/client.ts';

/** Something said to the person: stays until read where it matters, fades where it does not. */
export interface Notice {
  readonly id: number;
  readonly level: 'info' | 'attention' | 'failure';
  readonly message: string;
  readonly hint: string | null;
  /** What can be done about it, on a button. */
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

const SHOWN_MS = 6000;
const MOST_AT_ONCE = 3;

/** Notices in a corner of the window, and the sentences that screen readers hear. */
export class NoticeStore {
  list = $state<Notice[]>([]);
  /** The latest announcement, for the live region. */
  spoken = $state('');
  connected = $state(true);
  #nextId = 1;

  constructor(engine: EngineClient) {
    engine.on('notice', ({ level, message, hint }) => {
      this.show(level, message, { hint });
    });
    engine.onConnection((state) => {
      this.connected = state === 'connected';
    });
  }

  show(
    level: Notice['level'],
    message: string,
    options: { hint?: string | null; action?: Notice['action'] } = {},
  ): void {
    const notice = {
      id: this.#nextId++,
      level,
      message,
      hint: options.hint ?? null,
      action: options.action ?? null,
    };
    const others = this.list.filter((other) => other.message !== message);
    this.list = [...others, notice].slice(-MOST_AT_ONCE);
    if (level === 'info') {
      setTimeout(() => {
        this.dismiss(notice.id);
      }, SHOWN_MS);
    }
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  /** Says something to screen readers. The same sentence twice is said twice. */
  announce(sentence: string): void {
    this.spoken = sentence === this.spoken ? `${sentence}\u00a0` : sentence;
  }

  /** Shows what the engine refused, with its advice. */
  failed(error: unknown): void {
    const failure = error instanceof EngineFailure ? error : null;
    if (failure?.code === 'cancelled') return;
    const message = error instanceof Error ? error.message : String(error);
    this.show('failure', message, { hint: failure?.hint ?? null });
  }
}
