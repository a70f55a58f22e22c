/**
 * The first file of every worker: it names the place of compiled code before anything large is imported, then goes on with
 * the worker's own file.
 */
import { enableCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';
import type { WorkerStart } from './thread.ts';

const { url, compileCache } = workerData as WorkerStart;
if (compileCache !== undefined) enableCompileCache(compileCache);
await import(url);
