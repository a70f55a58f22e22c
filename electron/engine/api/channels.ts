import { z } from 'zod';
import * as shape from './shapes.ts';

const nothing = z.object({}).strict();
const limit = z.number().int().min(1).max(500);
const text = z.string().max(1000);

/**
 * Everything that can be asked of the engine: one entry a channel, with the schema of its request and of its reply.
 * Hosts parse requests with it before anything else happens; clients parse replies in tests.
 */
export const channels = {
  /** Roots, totals and the work under way. */
  'library.overview': { request: nothing, reply: shape.overview },
  /** Adds folders or files that the person chose and starts to look at them. */
  'library.add': {
    request: z.object({ paths: z.array(z.string().min(1).max(4096)).min(1).max(100) }),
    reply: shape.overview,
  },
  /** Forgets a root and what was seen in it. The files themselves are never touched. `library.add` brings it back. */
  'library.remove': { request: z.object({ rootId: z.number().int() }), reply: shape.overview },
  'library.media': {
    request: z.object({
      offset: z.number().int().min(0),
      limit: z.number().int().min(1).max(1000),
      sort: z.enum(['date', 'name', 'duration', 'added']),
      descending: z.boolean(),
      filter: z
        .object({
          text: text.optional(),
          folder: text.optional(),
          kind: z.enum(['video', 'image']).optional(),
          states: z.array(z.enum(['waiting', 'indexing', 'indexed', 'failed', 'missing'])).optional(),
        })
        .optional(),
    }),
    reply: z.object({ total: z.number().int(), items: z.array(shape.mediaSummary) }),
  },
  'library.item': { request: z.object({ mediaId: shape.mediaId }), reply: shape.mediaDetail },
  /** Looks for new, changed, moved and missing files in all roots. */
  'library.rescan': { request: nothing, reply: shape.overview },
  /** Tries failed files again: one, or all. */
  'library.retry': { request: z.object({ mediaId: shape.mediaId.nullable() }), reply: shape.overview },
  /** Looks again at everything that another model saw. */
  'library.refresh': { request: nothing, reply: shape.overview },
  /** Draws a small library of sample videos, adds it and starts to look at it. */
  'library.sample': { request: nothing, reply: shape.overview },
  /** The folders inside a folder, for choosing one where the host has no dialog of its own. */
  'folders.list': {
    request: z.object({ path: z.string().max(4096).nullable() }),
    reply: z.object({
      path: z.string(),
      parent: z.string().nullable(),
      folders: z.array(z.object({ name: z.string(), path: z.string() })),
      /** Videos and images directly inside. */
      files: z.number().int(),
    }),
  },

  'work.pause': { request: z.object({ kind: z.enum(['indexing', 'captioning']) }), reply: shape.overview },
  'work.resume': { request: z.object({ kind: z.enum(['indexing', 'captioning']) }), reply: shape.overview },
  'work.cancel': { request: z.object({ kind: z.enum(['indexing', 'captioning']) }), reply: shape.overview },

  /** Query language: see docs/search.md. Plain language is always understood. */
  'search.moments': {
    /** `quick` answers from the index alone, for a query that is still being typed. */
    request: z.object({ query: text, limit, quick: z.boolean().optional() }),
    reply: shape.searchReply,
  },
  'search.similar': {
    request: z.object({ mediaId: shape.mediaId, at: z.number().min(0), limit }),
    reply: shape.searchReply,
  },
  /** An image as the query; the bytes of a file (base64, at most 24 MB of it). */
  'search.image': {
    request: z.object({ name: z.string().max(255), base64: z.string().max(32_000_000), limit }),
    reply: shape.searchReply,
  },
  'search.lane': { request: z.object({ mediaId: shape.mediaId, query: text }), reply: shape.lane },
  /** Example searches made from the captions of the person's own videos. */
  'search.suggestions': { request: nothing, reply: z.object({ queries: z.array(z.string()) }) },

  'captions.list': { request: z.object({ mediaId: shape.mediaId }), reply: shape.captionTrack },
  /** Starts to write captions for one file, or for all that have none. Progress comes as events. */
  'captions.describe': { request: z.object({ mediaId: shape.mediaId.nullable() }), reply: shape.overview },
  'captions.edit': {
    request: z.object({ mediaId: shape.mediaId, edit: shape.captionEdit }),
    reply: shape.captionTrack,
  },
  'captions.export': {
    request: z.object({ mediaId: shape.mediaId, format: shape.exportFormat }),
    reply: z.object({ fileName: z.string(), mimeType: z.string(), content: z.string() }),
  },
  'captions.import': {
    request: z.object({
      mediaId: shape.mediaId,
      fileName: z.string().max(255),
      content: z.string().max(8_000_000),
    }),
    reply: shape.captionTrack,
  },

  'answers.ask': {
    request: z.object({ question: text, scope: shape.questionScope }),
    reply: shape.answer,
  },
  'places.locate': {
    request: z.object({ phrase: text, mediaId: shape.mediaId, at: z.number().min(0) }),
    reply: shape.place,
  },

  /** Writes the stretch as a file into the library's `exports` folder: a stream copy where the cut allows. */
  'export.range': {
    request: z.object({ mediaId: shape.mediaId, start: z.number().min(0), end: z.number().min(0) }),
    reply: z.object({ path: z.string(), copied: z.boolean(), bytes: z.number() }),
  },
  /** Writes moments as a list for editors or spreadsheets. */
  'export.moments': {
    request: z.object({
      format: z.enum(['csv', 'fcpxml', 'edl']),
      moments: z
        .array(
          z.object({ mediaId: shape.mediaId, start: z.number().min(0), end: z.number().min(0), label: text }),
        )
        .min(1)
        .max(1000),
    }),
    reply: z.object({ fileName: z.string(), mimeType: z.string(), content: z.string() }),
  },

  'health.report': { request: nothing, reply: shape.health },
  'models.list': { request: nothing, reply: z.object({ packs: z.array(shape.packSummary) }) },
  'settings.get': { request: nothing, reply: shape.settings },
  'settings.set': { request: shape.settings.partial(), reply: shape.settings },
} as const satisfies Record<string, { request: z.ZodType; reply: z.ZodType }>;

export type Channel = keyof typeof channels;
export type RequestOf<C extends Channel> = z.infer<(typeof channels)[C]['request']>;
export type ReplyOf<C extends Channel> = z.infer<(typeof channels)[C]['reply']>;

/** What the engine says without being asked. */
export const events = {
  /** Progress of long work; at most five a second a kind. */
  'work.progress': shape.work,
  /** Files or clips changed; lists and results should be asked for again when convenient. */
  'library.changed': z.object({ mediaIds: z.array(shape.mediaId), clips: z.number().int() }),
  'captions.changed': z.object({ mediaId: shape.mediaId }),
  /** Something a person should know: shown as a notice, kept in the log. */
  notice: z.object({
    level: z.enum(['info', 'attention', 'failure']),
    message: z.string(),
    hint: z.string().nullable(),
  }),
} as const satisfies Record<string, z.ZodType>;

export type EventName = keyof typeof events;
export type EventOf<E extends EventName> = z.infer<(typeof events)[E]>;
