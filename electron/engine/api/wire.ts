import { z } from 'zod';
import { errorReport } from './shapes.ts';

/** One request. `id` is the client's; the reply carries it back. */
export const requestMessage = z.object({
  id: z.number().int().min(0),
  channel: z.string().max(64),
  request: z.unknown(),
});
export type RequestMessage = z.infer<typeof requestMessage>;

/** What the engine sends: the reply to a request, its failure, or an event. */
export const serverMessage = z.union([
  z.object({ id: z.number().int().min(0), reply: z.unknown() }),
  z.object({ id: z.number().int().min(0), error: errorReport }),
  z.object({ event: z.string(), payload: z.unknown() }),
]);
export type ServerMessage = z.infer<typeof serverMessage>;

/** Largest message that a host accepts, in bytes. */
export const MESSAGE_LIMIT = 40_000_000;
