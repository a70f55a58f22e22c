import { z } from 'zod';

/**
 * The shapes that travel between the engine and whoever shows it. Times are seconds on the player's clock, sizes are
 * pixels, scores are calibrated 0..1, ids are the store's.
 */

const seconds = z.number().min(0);
export const mediaId = z.number().int().positive();

/** How an error travels: see `TubeletError`. */
export const errorReport = z.object({
  code: z.string(),
  message: z.string(),
  path: z.string().optional(),
  hint: z.string().optional(),
});

/** A file of the library as lists show it. */
export const mediaSummary = z.object({
  id: mediaId,
  /** File name with extension. */
  name: z.string(),
  /** Folder relative to its root, with '/' between parts; '' for the root itself. */
  folder: z.string(),
  rootId: z.number().int(),
  kind: z.enum(['video', 'image']),
  state: z.enum(['waiting', 'indexing', 'indexed', 'failed', 'missing']),
  /** True when its clips were made with another revision of the pack. */
  stale: z.boolean(),
  error: errorReport.nullable(),
  duration: seconds,
  width: z.number().int(),
  height: z.number().int(),
  bytes: z.number().int(),
  /** When it was taken, or last modified where the file does not say. ISO 8601. */
  date: z.string(),
  clipCount: z.number().int(),
  /** Names the content that its poster shows: another content, another name. Null while there is no poster. */
  poster: z.string().nullable(),
  mode: z.enum(['thorough', 'fast']),
});
export type MediaSummary = z.infer<typeof mediaSummary>;

/** The sheets of thumbnails of one file: cell k shows the second k * secondsPerCell. */
export const thumbnailSheets = z.object({
  cellWidth: z.number().int(),
  cellHeight: z.number().int(),
  columns: z.number().int(),
  rows: z.number().int(),
  secondsPerCell: z.number(),
  count: z.number().int(),
});
export type ThumbnailSheets = z.infer<typeof thumbnailSheets>;

/** One file with all that the player needs. */
export const mediaDetail = mediaSummary.extend({
  path: z.string(),
  codec: z.string(),
  frameRate: z.number(),
  audioCodec: z.string().nullable(),
  /** `preview`: Chromium cannot play the file as it is; `reason` says why in plain words. */
  playback: z.object({ how: z.enum(['direct', 'preview']), reason: z.string().nullable() }),
  /** Times of the hard cuts. */
  cuts: z.array(seconds),
  thumbnails: thumbnailSheets.nullable(),
  captionCount: z.number().int(),
});
export type MediaDetail = z.infer<typeof mediaDetail>;

export const matchWord = z.enum(['strong', 'likely', 'weak', 'none']);

/** A moment that answers a query. */
export const moment = z.object({
  mediaId,
  name: z.string(),
  kind: z.enum(['video', 'image']),
  start: seconds,
  end: seconds,
  peak: seconds,
  score: z.number().min(0).max(1),
  match: matchWord,
  /** Words that matched in captions or subtitles. */
  words: z.string().nullable(),
});
export type Moment = z.infer<typeof moment>;

/** What a search found, and how the query was understood. */
export const searchReply = z.object({
  query: z.string(),
  found: z.boolean(),
  moments: z.array(moment),
  clips: z.number().int(),
  milliseconds: z.number(),
  /** The parts of the query that became filters, as removable chips: text is what to cut out of the query. */
  chips: z.array(z.object({ kind: z.string(), label: z.string(), text: z.string() })),
  /** What could not be understood as asked and was taken as plain words. */
  notes: z.array(z.object({ message: z.string(), from: z.number().int(), to: z.number().int() })),
});
export type SearchReply = z.infer<typeof searchReply>;

/** Exact scores of every clip of one file for one query. */
export const lane = z.object({
  mediaId,
  query: z.string(),
  clips: z.array(z.object({ start: seconds, end: seconds, score: z.number().min(0).max(1) })),
  peaks: z.array(z.object({ time: seconds, score: z.number(), match: matchWord })),
});
export type Lane = z.infer<typeof lane>;

/** One caption, with what the timed-text rules say of it. */
export const cue = z.object({
  id: z.number().int(),
  start: seconds,
  end: seconds,
  text: z.string(),
  source: z.enum(['model', 'user', 'file']),
  confidence: z.number().min(0).max(1),
  issues: z.array(z.object({ rule: z.string(), message: z.string(), fixable: z.boolean() })),
});
export type Cue = z.infer<typeof cue>;

/** The captions of one file as the editor shows them. */
export const captionTrack = z.object({
  mediaId,
  cues: z.array(cue),
  canUndo: z.boolean(),
  canRedo: z.boolean(),
});
export type CaptionTrack = z.infer<typeof captionTrack>;

/** What a person can do to a caption. Every one can be undone. */
export const captionEdit = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), id: z.number().int(), text: z.string().max(2000) }),
  z.object({ kind: z.literal('times'), id: z.number().int(), start: seconds, end: seconds }),
  z.object({ kind: z.literal('split'), id: z.number().int(), time: seconds, caret: z.number().int().min(0) }),
  z.object({ kind: z.literal('merge'), id: z.number().int() }),
  z.object({ kind: z.literal('delete'), id: z.number().int() }),
  z.object({ kind: z.literal('insert'), start: seconds, end: seconds, text: z.string().max(2000) }),
  z.object({ kind: z.literal('fix'), id: z.number().int(), rule: z.string() }),
  z.object({ kind: z.literal('undo') }),
  z.object({ kind: z.literal('redo') }),
]);
export type CaptionEdit = z.infer<typeof captionEdit>;

/** Files that captions and moments are written to. */
export const exportFormat = z.enum(['srt', 'vtt', 'csv', 'fcpxml', 'edl']);
export type ExportFormat = z.infer<typeof exportFormat>;

/** What a question is about. */
export const questionScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('library') }),
  z.object({ kind: z.literal('media'), mediaId }),
  z.object({ kind: z.literal('moment'), mediaId, at: seconds }),
]);
export type QuestionScope = z.infer<typeof questionScope>;

/** A reply to a question; `answer` is null when the evidence is too weak to say. */
export const answer = z.object({
  question: z.string(),
  answer: z.string().nullable(),
  confidence: z.number().min(0).max(1),
  moments: z.array(moment),
});
export type Answer = z.infer<typeof answer>;

/** Where a phrase is in a frame: fractions of the frame's width and height. */
export const place = z.object({
  phrase: z.string(),
  present: z.boolean(),
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]).nullable(),
  score: z.number(),
  /** Rows of scores, 0..1, top to bottom. */
  heat: z.array(z.array(z.number())),
});
export type Place = z.infer<typeof place>;

/** Long work under way: looking at videos or writing captions. */
export const work = z.object({
  kind: z.enum(['indexing', 'captioning']),
  state: z.enum(['idle', 'running', 'paused', 'failed']),
  /** The file being worked on. */
  mediaId: mediaId.nullable(),
  name: z.string().nullable(),
  filesDone: z.number().int(),
  filesTotal: z.number().int(),
  /** 0..1 over everything. */
  fraction: z.number().min(0).max(1),
  secondsLeft: z.number().nullable(),
  error: errorReport.nullable(),
});
export type Work = z.infer<typeof work>;

/** The library at a glance. */
export const overview = z.object({
  roots: z.array(z.object({ id: z.number().int(), path: z.string(), media: z.number().int() })),
  totals: z.object({
    media: z.number().int(),
    indexed: z.number().int(),
    waiting: z.number().int(),
    failed: z.number().int(),
    missing: z.number().int(),
    stale: z.number().int(),
    clips: z.number().int(),
    seconds: z.number(),
    databaseBytes: z.number(),
    thumbnailBytes: z.number(),
  }),
  work: z.array(work),
});
export type Overview = z.infer<typeof overview>;

/** A model pack, as the settings show it. */
export const packSummary = z.object({
  id: z.string(),
  name: z.string(),
  revision: z.string(),
  kind: z.enum(['mammut', 'dual-encoder']),
  capabilities: z.array(z.enum(['search', 'caption', 'answer', 'locate'])),
  licence: z.string(),
  inUse: z.boolean(),
  error: errorReport.nullable(),
});
export type PackSummary = z.infer<typeof packSummary>;

/** What the health screen and `doctor` show. */
export const health = z.object({
  ok: z.boolean(),
  checks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      state: z.enum(['good', 'attention', 'failed']),
      detail: z.string(),
      hint: z.string().nullable(),
    }),
  ),
  failures: z.array(mediaSummary),
});
export type Health = z.infer<typeof health>;

/** What a person can set. */
export const settings = z.object({
  theme: z.enum(['system', 'dark', 'light']),
  mode: z.enum(['thorough', 'fast']),
  watch: z.boolean(),
  pack: z.string(),
  ffmpegPath: z.string().nullable(),
  ffprobePath: z.string().nullable(),
});
export type Settings = z.infer<typeof settings>;
