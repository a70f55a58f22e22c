import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { RootWatch, type WatchOptions } from '../../../electron/engine/library/watch.ts';
import { temporaryFolder } from './fixtures.ts';

function watching(options: Partial<WatchOptions> & Pick<WatchOptions, 'onChange'>): RootWatch {
  const watch = new RootWatch({ onUnwatchable: () => undefined, quiet: 50, ...options });
  onTestFinished(() => {
    watch.close();
  });
  return watch;
}

describe('watching roots', () => {
  it('tells once, when a burst of changes at any depth has come to rest', async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'deep'));
    const onChange = vi.fn(() => Promise.resolve());
    await watching({ onChange, quiet: 300 }).follow([root]);
    for (let part = 0; part < 5; part += 1) {
      writeFileSync(join(root, 'deep', 'film.mp4'), 'x'.repeat(part + 1));
      await sleep(20);
    }
    await vi.waitFor(() => {
      expect(onChange).toHaveBeenCalledWith(root);
    }, 10_000);
    await sleep(400);
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  it('hears of folders that came later, also where one was moved away and made again', async () => {
    const root = temporaryFolder();
    const onChange = vi.fn(() => Promise.resolve());
    await watching({ onChange }).follow([root]);
    const heard = async (change: () => void): Promise<void> => {
      onChange.mockClear();
      change();
      await vi.waitFor(() => {
        expect(onChange).toHaveBeenCalled();
      }, 10_000);
      await sleep(200);
    };
    const folder = join(root, 'new', 'deeper');
    await heard(() => mkdirSync(folder, { recursive: true }));
    await heard(() => {
      writeFileSync(join(folder, 'film.mp4'), 'x');
    });
    await heard(() => {
      renameSync(join(root, 'new'), join(root, 'old'));
    });
    await heard(() => mkdirSync(folder, { recursive: true }));
    await heard(() => {
      writeFileSync(join(folder, 'film.mp4'), 'x');
    });
    await heard(() => {
      writeFileSync(join(root, 'old', 'deeper', 'film.mp4'), 'longer');
    });
  });

  it('never looks at a root twice at once, and looks again at what changed meanwhile', async () => {
    const root = temporaryFolder();
    let running = 0;
    let most = 0;
    const onChange = vi.fn(async () => {
      most = Math.max(most, ++running);
      await sleep(200);
      running -= 1;
    });
    await watching({ onChange, quiet: 1, interval: 40 }).follow([root]);
    await vi.waitFor(() => {
      expect(onChange.mock.calls.length).toBeGreaterThanOrEqual(3);
    }, 10_000);
    expect(most).toBe(1);
  });

  it('falls back to looking from time to time where a root cannot be watched', async () => {
    const onChange = vi.fn(() => Promise.resolve());
    const onUnwatchable = vi.fn();
    const root = join(temporaryFolder(), 'not-there');
    await watching({ onChange, onUnwatchable, interval: 50 }).follow([root]);
    await vi.waitFor(() => {
      expect(onChange).toHaveBeenCalledWith(root);
    }, 10_000);
    expect(onUnwatchable).toHaveBeenCalledWith(root, expect.any(String));
  });

  it('is silent about roots that it no longer follows', async () => {
    const root = temporaryFolder();
    const onChange = vi.fn(() => Promise.resolve());
    const watch = watching({ onChange });
    await Promise.all([watch.follow([root]), watch.follow([])]);
    writeFileSync(join(root, 'film.mp4'), 'x');
    await sleep(300);
    expect(onChange).not.toHaveBeenCalled();
  });
});
