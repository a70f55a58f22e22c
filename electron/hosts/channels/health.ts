import type { Health, PackSummary } from '../../engine/api/shapes.ts';
import type { Engine } from '../../engine/engine.ts';
import { reportOf } from '../../engine/errors.ts';
import type { FfmpegBinary } from '../../engine/media/binaries.ts';
import type { PackListing } from '../../engine/models/pack.ts';
import { basename } from 'node:path';

type Check = Health['checks'][number];

/** What the health screen shows: the programs, the model, and everything in the library that needs a person. */
export async function healthOf(engine: Engine, failures: Health['failures']): Promise<Health> {
  const checks = [...(await programChecks(engine)), await packCheck(engine), await libraryCheck(engine)];
  if (failures.length > 0) {
    checks.push({
      id: 'failed-files',
      title: 'Files',
      state: 'attention',
      detail:
        failures.length === 1
          ? 'One file could not be looked at.'
          : `${failures.length} files could not be looked at.`,
      hint: 'Each is listed with its reason; try again once that is mended.',
    });
  }
  return { ok: checks.every(({ state }) => state !== 'failed'), checks, failures };
}

async function programChecks(engine: Engine): Promise<Check[]> {
  try {
    const { ffmpeg, ffprobe } = await engine.binaries();
    return [programCheck('ffmpeg', ffmpeg), programCheck('ffprobe', ffprobe)];
  } catch (error) {
    return [failedCheck('ffmpeg', 'ffmpeg and ffprobe', error)];
  }
}

function programCheck(name: string, program: FfmpegBinary): Check {
  const { version, path, licence } = program;
  return {
    id: name,
    title: name,
    state: 'good',
    detail: `Version ${version} (${licence}), ${path}`,
    hint: null,
  };
}

async function packCheck(engine: Engine): Promise<Check> {
  try {
    const { facts } = await engine.pack();
    const { name, revision, capabilities } = facts;
    return {
      id: 'model',
      title: 'Model',
      state: 'good',
      detail: `${name}, revision ${revision}: ${capabilities.join(', ')}`,
      hint: null,
    };
  } catch (error) {
    return failedCheck('model', 'Model', error);
  }
}

async function libraryCheck(engine: Engine): Promise<Check> {
  const { library, totals } = await engine.status();
  const stale = totals.stale > 0;
  return {
    id: 'library',
    title: 'Library',
    state: stale ? 'attention' : 'good',
    detail: stale ? `${totals.stale} files were seen by another model. ${library}` : library,
    hint: stale ? 'Look again, so that they can be found.' : null,
  };
}

function failedCheck(id: string, title: string, error: unknown): Check {
  const { message, hint, path } = reportOf(error);
  const detail = path === undefined ? message : `${message} ${path}`;
  return { id, title, state: 'failed', detail, hint: hint ?? null };
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
