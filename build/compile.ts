import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';

/*
 * Compiles the shell and the engine to `dist/electron` for packaging (`node build/compile.ts`), and checks that what
 * Electron loads first is there and can be parsed and resolved. The page is built by Vite.
 */
const root = join(import.meta.dirname, '..');
const output = join(root, 'dist', 'electron');
const compiler = createRequire(import.meta.url).resolve('typescript/lib/tsc.js');

await rm(output, { recursive: true, force: true });
const compiled = spawnSync(process.execPath, [compiler, '-p', join(root, 'build', 'tsconfig.json')], {
  stdio: 'inherit',
});
if (compiled.status !== 0) process.exit(compiled.status ?? 1);
await compilePreload();
checkEntries();
process.stderr.write(`Compiled to ${output}\n`);

/** A sandboxed preload is one CommonJS file: Electron does not load modules there. */
async function compilePreload(): Promise<void> {
  const source = await readFile(join(root, 'electron', 'preload', 'preload.ts'), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
  });
  await mkdir(join(output, 'preload'), { recursive: true });
  await writeFile(join(output, 'preload', 'preload.cjs'), outputText);
}

/** The engine's process is loaded whole; files that import Electron can only be parsed outside of it. */
function checkEntries(): void {
  for (const entry of ['main/main.js', 'preload/preload.cjs']) {
    const path = join(output, entry);
    const checked = spawnSync(process.execPath, ['--check', path], { stdio: 'inherit' });
    if (checked.status !== 0) throw new Error(`${entry} cannot be parsed`);
  }
  // Started by their names, so that no import would miss them.
  for (const program of ['vision.worker.js', 'language.worker.js', 'probe.child.js']) {
    const path = join(output, 'engine', 'models', program);
    if (!existsSync(path)) throw new Error(`${path} was not emitted`);
  }
  const engineProcess = join(output, 'hosts', 'electron', 'engine-process.js');
  const loaded = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', `await import(${JSON.stringify(engineProcess)})`],
    {
      stdio: 'inherit',
    },
  );
  if (loaded.status !== 0) throw new Error('the engine process cannot be loaded');
}
