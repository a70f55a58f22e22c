import { z } from 'zod';
import type { MediaPlace } from '../media/access.ts';

/**
 * What the shell and the engine's process say to each other beside the contract: ports for pages, where a file is,
 * and the end.
 */
export const toEngine = z.discriminatedUnion('kind', [
  /** Carries one port: the engine speaks the contract on it. `restarts` counts how often the engine was restarted. */
  z.object({ kind: z.literal('page'), restarts: z.number().int().min(0) }),
  z.object({ kind: z.literal('place'), ticket: z.number().int(), mediaId: z.number().int() }),
  /** Folders chosen from the menu. */
  z.object({ kind: z.literal('add'), paths: z.array(z.string()) }),
  z.object({ kind: z.literal('close') }),
]);
export type ToEngine = z.infer<typeof toEngine>;

/** The place is the engine's own and needs no second look. */
export const fromEngine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('place'), ticket: z.number().int(), place: z.custom<MediaPlace>().nullable() }),
]);
export type FromEngine = z.infer<typeof fromEngine>;
