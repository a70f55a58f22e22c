import type { MediaFacts } from './types.ts';

/**
 * Whether Chromium plays a file as it is. `preview` means that it needs a stream made on the fly, and `reason` says why.
 * The page may still find a `direct` file unplayable (`mediaCapabilities`) and ask for the preview.
 */
export interface Playability {
  readonly play: 'direct' | 'preview';
  readonly reason: string | null;
}

/** ffprobe's names of containers that Chromium opens. Matroska and WebM share a name, and so do MP4 and QuickTime. */
const CONTAINERS = new Set(['mov', 'mp4', 'matroska', 'webm', 'ogg', 'mp3', 'wav', 'flac']);
const VIDEO_CODECS = new Set(['h264', 'vp8', 'vp9', 'av1', 'theora']);
const AUDIO_CODECS = new Set(['aac', 'mp3', 'opus', 'vorbis', 'flac']);
/** The only pixel layouts of H.264 that Chromium's software decoder takes. */
const H264_PIXELS = new Set(['yuv420p', 'yuvj420p']);
const PICTURES = new Set(['mjpeg', 'png', 'apng', 'gif', 'webp', 'bmp', 'av1']);

/** Judges by container, codecs and pixel format (see https://www.chromium.org/audio-video). */
export function playability(facts: MediaFacts): Playability {
  if (facts.kind === 'image') {
    return PICTURES.has(facts.codec)
      ? direct
      : preview(`Pictures in ${facts.codec} are not shown by the built-in player.`);
  }
  if (!facts.container.split(',').some((name) => CONTAINERS.has(name))) {
    return preview(`The container ${facts.container} is not played by the built-in player.`);
  }
  if (!VIDEO_CODECS.has(facts.codec))
    return preview(`The codec ${facts.codec} is not played by the built-in player.`);
  if (facts.codec === 'theora' && !facts.container.includes('ogg')) {
    return preview('Theora is played by the built-in player only in Ogg.');
  }
  if (facts.codec === 'h264' && !H264_PIXELS.has(facts.pixelFormat)) {
    return preview(`H.264 in ${facts.pixelFormat} is not played by the built-in player; 8 bit 4:2:0 is.`);
  }
  const { audioCodec } = facts;
  if (audioCodec !== null && !AUDIO_CODECS.has(audioCodec) && !audioCodec.startsWith('pcm_')) {
    return preview(`The sound, ${audioCodec}, is not played by the built-in player.`);
  }
  return direct;
}

const direct: Playability = { play: 'direct', reason: null };

function preview(reason: string): Playability {
  return { play: 'preview', reason };
}
