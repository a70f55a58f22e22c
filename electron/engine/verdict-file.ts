/**
 * A small JSON file of verdicts that are slow to reach and cheap to keep: a pack's checksums, a device's self-test,
 * what a program is. It is a cache: a file that is missing, damaged or out of reach only means that the work is done again.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const contents = z.record(z.string(), z.unknown());

/** Verdicts by key, kept at `path`; without a path nothing is kept. */
export class VerdictFile {
  readonly #path: string | undefined;
  #written: Promise<void> = Promise.resolve();

  constructor(path: string | undefined) {
    this.#path = path;
  }

  /** The verdict under `key` as `schema` reads it; undefined where there is none of that form. */
  async read<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const verdict = schema.safeParse((await this.#load())[key]);
    return verdict.success ? verdict.data : undefined;
  }

  /** Keeps a verdict, where that can be done. A reader sees the old file or the new one, never half of it. */
  write(key: string, verdict: unknown): Promise<void> {
    // One after the other, so that none takes another's verdict away.
    this.#written = this.#written.then(() => this.#add(key, verdict));
    return this.#written;
  }

  async #add(key: string, verdict: unknown): Promise<void> {
    if (this.#path === undefined) return;
    const temporary = `${this.#path}.${randomUUID()}.tmp`;
    try {
      const all = { ...(await this.#load()), [key]: verdict };
      await mkdir(dirname(this.#path), { recursive: true });
      await writeFile(temporary, `${JSON.stringify(all, null, 2)}\n`);
      await rename(temporary, this.#path);
    } catch {
      // A home that cannot be written to, a full disk: the next start finds out anew.
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  async #load(): Promise<Record<string, unknown>> {
    if (this.#path === undefined) return {};
    try {
      return contents.parse(JSON.parse(await readFile(this.#path, 'utf8')));
    } catch {
      return {};
    }
  }
}
