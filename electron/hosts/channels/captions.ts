import { basename, extname } from 'node:path';
import type { ReplyOf, RequestOf } from '../../engine/api/channels.ts';
import type { CaptionEdit, CaptionTrack, ExportFormat } from '../../engine/api/shapes.ts';
import type { Cue } from '../../engine/captions/cue.ts';
import { writeCsv } from '../../engine/captions/csv.ts';
import { editContext } from '../../engine/captions/edit-list.ts';
import { CaptionEditor } from '../../engine/captions/editor.ts';
import { writeEdl } from '../../engine/captions/edl.ts';
import { writeFcpxml } from '../../engine/captions/fcpxml.ts';
import { lint } from '../../engine/captions/lint.ts';
import { writeSrt } from '../../engine/captions/srt.ts';
import { importSubtitleText } from '../../engine/captions/sidecar.ts';
import { describedCues, subtitleCues, timingContext } from '../../engine/captions/track.ts';
import { writeVtt } from '../../engine/captions/vtt.ts';
import { missingCase, TubeletError } from '../../engine/errors.ts';
import type { MediaRow, Store } from '../../engine/library/types.ts';
import type { LanguageModel } from '../../engine/models/types.ts';

const MIME_TYPES: Readonly<Record<ExportFormat, string>> = {
  srt: 'application/x-subrip',
  vtt: 'text/vtt',
  csv: 'text/csv',
  fcpxml: 'application/xml',
  edl: 'text/plain',
};

/** What the caption channels work with. */
export interface CaptionParts {
  readonly store: Store;
  readonly language: () => Promise<LanguageModel>;
}

/** The captions of all files as pages show and edit them. Each file has one editor, so that pages share its history. */
export class CaptionDesk {
  readonly #parts: CaptionParts;
  readonly #editors = new Map<number, CaptionEditor>();

  constructor(parts: CaptionParts) {
    this.#parts = parts;
  }

  /**
   * The captions of a file, with what the timed-text rules say of each as it is shown: the model's statements are brought
   * to the rules then, so that only what a person or a file said can break them.
   */
  async track(mediaId: number): Promise<CaptionTrack> {
    const media = this.#media(mediaId);
    const editor = await this.#editor(mediaId);
    const shown = editor.shown;
    const findings = lint(shown, timingContext(this.#parts.store, media));
    return {
      mediaId,
      cues: editor.cues.map((cue) => ({
        ...cue,
        issues: findings
          .filter((finding) => shown[finding.cue]?.id === cue.id)
          .map(({ rule, message, fixable }) => ({ rule, message, fixable })),
      })),
      canUndo: editor.canUndo,
      canRedo: editor.canRedo,
    };
  }

  /** Edits, and returns the captions as they are then. @throws TubeletError as the editor does. */
  async edit({ mediaId, edit }: RequestOf<'captions.edit'>): Promise<CaptionTrack> {
    const media = this.#media(mediaId);
    const editor = await this.#editor(mediaId);
    await this.#perform(editor, edit, media);
    return await this.track(mediaId);
  }

  /** The captions as a file to save: subtitles timed by the rules, or a list for editors. */
  export({ mediaId, format }: RequestOf<'captions.export'>): ReplyOf<'captions.export'> {
    const media = this.#media(mediaId);
    const cuesFor = format === 'srt' || format === 'vtt' ? subtitleCues : describedCues;
    const cues = cuesFor(this.#parts.store, media, ['model', 'user', 'file']);
    if (cues.length === 0) {
      throw new TubeletError('usage', 'There are no captions to export yet.', {
        path: media.path,
        hint: 'Write captions for this file first.',
      });
    }
    return {
      fileName: `${basename(media.path, extname(media.path))}.${format}`,
      mimeType: MIME_TYPES[format],
      content: written(cues, media, format),
    };
  }

  /** Takes the text of a subtitle file as captions of the file. */
  async import({ mediaId, fileName, content }: RequestOf<'captions.import'>): Promise<CaptionTrack> {
    this.#media(mediaId);
    importSubtitleText({ store: this.#parts.store, mediaId, path: fileName, text: content });
    return await this.track(mediaId);
  }

  async #perform(editor: CaptionEditor, edit: CaptionEdit, media: MediaRow): Promise<void> {
    switch (edit.kind) {
      case 'undo':
        await editor.undo();
        return;
      case 'redo':
        await editor.redo();
        return;
      case 'fix': {
        const cues = editor.shown;
        const finding = lint(cues, timingContext(this.#parts.store, media)).find(
          ({ cue, rule }) => rule === edit.rule && cues[cue]?.id === edit.id,
        );
        // A mark that is gone has been mended already, by another page or by the last fix.
        if (finding !== undefined) await editor.fix(edit.id, finding.rule);
        return;
      }
      default:
        await editor.perform(edit);
    }
  }

  async #editor(mediaId: number): Promise<CaptionEditor> {
    let editor = this.#editors.get(mediaId);
    if (editor === undefined) {
      const language = await this.#parts.language();
      editor =
        this.#editors.get(mediaId) ?? new CaptionEditor({ store: this.#parts.store, language, mediaId });
      this.#editors.set(mediaId, editor);
    }
    return editor;
  }

  #media(mediaId: number): MediaRow {
    const media = this.#parts.store.media(mediaId);
    if (media === undefined) throw new TubeletError('not-found', 'That file is no longer in the library.');
    return media;
  }
}

function written(cues: readonly Cue[], media: MediaRow, format: ExportFormat): string {
  switch (format) {
    case 'srt':
      return writeSrt(cues);
    case 'vtt':
      return writeVtt(cues);
    case 'csv':
      return writeCsv(cues);
    case 'fcpxml':
      return writeFcpxml(cues, editContext(media, 'markers'));
    case 'edl':
      return writeEdl(cues, editContext(media, 'markers'));
    default:
      return missingCase(format);
  }
}
