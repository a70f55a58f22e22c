import { z } from 'zod';
import type { ProbeReply, ProbeRequest } from '../../engine/models/probe.ts';
import type { MediaPlace } from '../media/access.ts';

/**
 * What the shell and the engine's process say to each other beside the contract: ports for pages, where a file is,
 * self-tests of devices, which only the shell can give a process of their own, and the end.
 */
export const toEngine = z.discriminatedUnion('kind', [
  /** Carries one port: the engine speaks the contract on it. `restarts` counts how often the engine was restarted. */
  z.object({ kind: z.literal('page'), restarts: z.number().int().min(0) }),
  z.object({ kind: z.literal('place'), ticket: z.number().int(), mediaId: z.number().int() }),
  /** Folders chosen from the menu. */
  z.object({ kind: z.literal('add'), paths: z.array(z.string()) }),
  /** What came of a self-test. */
  z.object({ kind: z.literal('probed'), ticket: z.number().int(), reply: z.custom<ProbeReply>(isObject) }),
  z.object({ kind: z.literal('close') }),
]);
export type ToEngine = z.infer<typeof toEngine>;

/** Places and self-tests are the engine's own and need no second look. */
export const fromEngine = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('place'), ticket: z.number().int(), place: z.custom<MediaPlace>().nullable() }),
  z.object({ kind: z.literal('probe'), ticket: z.number().int(), request: z.custom<ProbeRequest>(isObject) }),
]);
export type FromEngine = z.infer<typeof fromEngine>;

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
