import { afterEach, describe, expect, it } from 'vitest';
import { Thread, workerUrl } from '../../../electron/engine/models/thread.ts';
import type { EchoOffers } from './echo.worker.ts';

describe('a thread', () => {
  const open: Thread<EchoOffers>[] = [];
  const thread = (data: unknown): Thread<EchoOffers> => {
    const made = new Thread<EchoOffers>(workerUrl('echo', import.meta.url), 'echo', data);
    open.push(made);
    return made;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((made) => made.close()));
  });

  it('answers each call with its own reply', async () => {
    const echo = thread('hello');
    expect(await Promise.all(['a', 'b', 'c'].map((word) => echo.call('echo', [word])))).toEqual([
      'hello a',
      'hello b',
      'hello c',
    ]);
  });

  it('moves the buffers that it is told to move', async () => {
    const bytes = new Uint8Array(1000);
    expect(await thread('').call('length', [bytes], [bytes.buffer])).toBe(1000);
    expect(bytes.length).toBe(0);
  });

  it('passes errors on with code, path and hint', async () => {
    await expect(thread('').call('fail', [])).rejects.toMatchObject({
      code: 'damaged',
      message: 'It failed.',
      path: '/file',
      hint: 'Retry.',
    });
  });

  it('says why it could not start', async () => {
    await expect(thread('refuse').start()).rejects.toMatchObject({ code: 'pack-invalid', path: '/pack' });
  });

  it('rejects what waits when it dies, and starts again with the next call', async () => {
    const echo = thread('hello');
    const waiting = echo.call('hang', []);
    await Promise.all([
      expect(waiting).rejects.toThrow('The echo stopped unexpectedly: its thread ended with code 3.'),
      expect(echo.call('exit', [3])).rejects.toMatchObject({ code: 'internal' }),
    ]);
    expect(await echo.call('echo', ['again'])).toBe('hello again');
  });

  it('cancels what waits when it is closed, and takes no more calls', async () => {
    const echo = thread('');
    await echo.start();
    const waiting = expect(echo.call('hang', [])).rejects.toMatchObject({ code: 'cancelled' });
    await new Promise((resolve) => setImmediate(resolve));
    await echo.close();
    await waiting;
    await expect(echo.call('echo', ['x'])).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('finds the worker beside a source file and beside a compiled one', () => {
    expect(workerUrl('vision', 'file:///a/b.ts').href).toBe('file:///a/vision.worker.ts');
    expect(workerUrl('vision', 'file:///a/b.js').href).toBe('file:///a/vision.worker.js');
  });
});
