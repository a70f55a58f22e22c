import { readSrt, subtitleLines } from './srt.ts';
import type { Subtitles } from './reading.ts';
import { readVtt } from './vtt.ts';

/** Reads an SRT or WebVTT file, told apart by their first line. Never throws and never loses text. */
export function readSubtitles(text: string): Subtitles {
  return subtitleLines(text)[0]?.startsWith('WEBVTT') === true ? readVtt(text) : readSrt(text);
}

/**
 * The text of a subtitle file whatever its encoding: UTF-8, UTF-16 with a byte order mark, and Windows-1252 for what
 * is neither (most old files).
 */
export function decodeSubtitles(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return new TextDecoder('windows-1252').decode(bytes);
    throw error;
  }
}
