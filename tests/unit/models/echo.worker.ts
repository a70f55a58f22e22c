/** A worker for the tests of threads: it echoes, fails, dies and exits on request. */
import { TubeletError } from '../../../electron/engine/errors.ts';
import { serve } from '../../../electron/engine/models/thread.ts';

/** What it offers. */
export type EchoOffers = {
  echo(value: string): Promise<string>;
  length(bytes: Uint8Array): Promise<number>;
  fail(): Promise<never>;
  exit(code: number): Promise<never>;
  hang(): Promise<never>;
};

await serve((start) => {
  if (start === 'refuse') {
    return Promise.reject(
      new TubeletError('pack-invalid', 'The pack is damaged.', { path: '/pack', hint: 'Copy it.' }),
    );
  }
  const offers: EchoOffers = {
    echo: (value) => Promise.resolve(`${String(start)} ${value}`),
    length: (bytes) => Promise.resolve(bytes.length),
    fail: () => Promise.reject(new TubeletError('damaged', 'It failed.', { path: '/file', hint: 'Retry.' })),
    exit: (code) => process.exit(code),
    hang: () => new Promise<never>(() => undefined),
  };
  return Promise.resolve(offers);
});
