import { basename } from 'node:path';
import type { Health, PackSummary } from '../../engine/api/shapes.ts';
import { examine } from '../../engine/doctor.ts';
import type { Engine } from '../../engine/engine.ts';
import type { PackListing } from '../../engine/models/pack.ts';

/** What the health screen shows: what the app stands on, and every file that needs a person. */
export async function healthOf(engine: Engine, failures: Health['failures']): Promise<Health> {
  const { ok, checks } = await examine(engine);
  if (failures.length === 0) return { ok, checks, failures };
  // In a terminal the hint names a command; here the files are on the same screen.
  const hint = 'Each file is listed with its reason; try again once that is mended.';
  return { ok, checks: checks.map((one) => (one.id === 'library' ? { ...one, hint } : one)), failures };
}

/** The installed packs; `inUse` is the one with the directory given. */
export function packsOut(listings: readonly PackListing[], inUse: string | null): PackSummary[] {
  return listings.map(({ directory, pack, error }) => {
    const facts = pack?.facts;
    return {
      id: facts?.id ?? basename(directory),
      name: facts?.name ?? basename(directory),
      revision: facts?.revision ?? '',
      kind: facts?.kind ?? 'mammut',
      capabilities: [...(facts?.capabilities ?? [])],
      licence: pack?.kind === 'mammut' ? pack.manifest.licence : '',
      inUse: directory === inUse,
      error: error === null ? null : { ...error },
    };
  });
}
