import { execFile } from 'node:child_process';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const CLI = join(import.meta.dirname, '../../../electron/hosts/cli/main.ts');

it('leaves no trace of a runtime that reports to its makers, in any thread or process', async () => {
  const home = await mkdtemp(join(tmpdir(), 'tubelet-home-'));
  // The runtime keeps quiet by itself where it takes itself to be tested.
  const { CI: _, ORT_DISABLE_TELEMETRY: __, XDG_CACHE_HOME: ___, ...environment } = process.env;
  // The health check runs the vision encoder, the language model, and each graphics device in a process of its own.
  const { stdout } = await run(
    process.execPath,
    [CLI, 'doctor', '--json', '--library', join(home, 'library')],
    { cwd: home, env: { ...environment, HOME: home }, timeout: 120_000 },
  ).catch((error: unknown) => ({ stdout: (error as { stdout?: string }).stdout ?? '' }));
  expect(stdout).toContain('"id":"vision"');
  const left = await readdir(home, { recursive: true });
  expect(left).toContain(join('.cache', 'tubelet'));
  expect(left.filter((path) => /microsoft|onnxruntime|\.ses$/i.test(path))).toEqual([]);
}, 150_000);
