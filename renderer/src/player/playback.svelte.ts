import type { HostServices } from '../../../electron/engine/api/client.ts';
import type { MediaDetail } from '../../../electron/engine/api/shapes.ts';

export const SPEEDS = [0.25, 0.5, 1, 1.5, 2, 4, 8] as const;
const REVERSE_TICK_MS = 100;
const SEEK_SETTLE_MS = 120;

/**
 * One video element and its clock. A preview is a stream that starts where it was asked to: its clock is shifted by
 * that start, and a jump outside of what has arrived asks for another stream.
 */
export class Playback {
  /** Seconds on the player's clock, of the frame on screen. */
  time = $state(0);
  playing = $state(false);
  /** Speed; below 0 while it runs backwards. */
  rate = $state(1);
  muted = $state(false);
  waiting = $state(false);
  /** True when the file could not be played at all. */
  failed = $state(false);
  /** True when the file should have played as it is and did not: a preview took over. */
  fellBack = $state(false);
  readonly #host: HostServices;
  #video: HTMLVideoElement | null = null;
  #detail: MediaDetail | null = null;
  #offset = 0;
  /** True when the stream of a preview is shown instead of the file. */
  #preview = false;
  #reverse: ReturnType<typeof setInterval> | undefined;
  #settle: ReturnType<typeof setTimeout> | undefined;

  constructor(host: HostServices) {
    this.#host = host;
  }

  /** Takes a video element and a file, from a time on. The returned function lets go of both. */
  attach(video: HTMLVideoElement, detail: MediaDetail, from: number): () => void {
    this.#video = video;
    this.#detail = detail;
    this.time = from;
    this.playing = false;
    this.failed = false;
    this.fellBack = false;
    this.rate = 1;
    this.#preview = detail.playback.how === 'preview';
    const signal = new AbortController();
    const listen = (event: string, heard: () => void): void => {
      video.addEventListener(event, heard, { signal: signal.signal });
    };
    listen('play', () => (this.playing = true));
    listen('pause', () => (this.playing = this.rate < 0));
    listen('waiting', () => (this.waiting = true));
    listen('playing', () => (this.waiting = false));
    listen('canplay', () => (this.waiting = false));
    listen('error', () => {
      if (video.error !== null && video.currentSrc !== '') this.#refused();
    });
    listen('loadedmetadata', () => {
      // Some codecs fail without a word: the sound plays and there is no picture.
      if (video.videoWidth === 0) this.#refused();
    });
    listen('seeked', () => (this.time = this.#offset + video.currentTime));
    listen('timeupdate', () => {
      if (!video.seeking) this.time = this.#offset + video.currentTime;
    });
    const eachFrame = (_now: number, frame: VideoFrameCallbackMetadata): void => {
      // While it stands still the time is what was asked for: a frame that is presented late must not take it back.
      if (this.playing && !video.seeking) this.time = this.#offset + frame.mediaTime;
      if (this.#video === video) video.requestVideoFrameCallback(eachFrame);
    };
    video.requestVideoFrameCallback(eachFrame);
    this.#load(from);
    return () => {
      signal.abort();
      this.#stopReverse();
      clearTimeout(this.#settle);
      video.pause();
      video.removeAttribute('src');
      video.load();
      if (this.#video === video) this.#video = null;
      this.playing = false;
    };
  }

  play(): void {
    this.#stopReverse();
    void this.#video?.play().catch((error: unknown) => {
      // A pause or another source in between ends the promise; only a refused file is worth showing.
      if (error instanceof DOMException && error.name === 'NotSupportedError') this.#refused();
    });
  }

  pause(): void {
    this.#stopReverse();
    this.#video?.pause();
    this.playing = false;
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  /** L: plays, and each further press doubles the speed. */
  forward(): void {
    this.setRate(this.playing && this.rate > 0 ? Math.min(this.rate * 2, 8) : 1);
    this.play();
  }

  /** J: runs backwards, and each further press doubles the speed. */
  backward(): void {
    const faster = this.rate < 0 ? Math.max(this.rate * 2, -8) : -1;
    this.#video?.pause();
    clearInterval(this.#reverse);
    this.rate = faster;
    this.playing = true;
    this.#reverse = setInterval(() => {
      this.seek(this.time + (faster * REVERSE_TICK_MS) / 1000);
      if (this.time <= 0) this.pause();
    }, REVERSE_TICK_MS);
  }

  setRate(rate: number): void {
    this.rate = rate;
    if (this.#video !== null) this.#video.playbackRate = rate;
  }

  /** One step along the speeds. */
  stepRate(direction: 1 | -1): void {
    const nearest = SPEEDS.reduce((best, speed) =>
      Math.abs(speed - this.rate) < Math.abs(best - this.rate) ? speed : best,
    );
    this.setRate(SPEEDS[SPEEDS.indexOf(nearest) + direction] ?? nearest);
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    if (this.#video !== null) this.#video.muted = muted;
  }

  /** Shows the frame at a time. */
  seek(seconds: number): void {
    const video = this.#video;
    const detail = this.#detail;
    if (video === null || detail === null) return;
    const last = Math.max(0, detail.duration - 1 / Math.max(detail.frameRate, 1));
    const target = Math.min(Math.max(seconds, 0), last);
    this.time = target;
    if (!this.#preview || this.#hasArrived(target)) {
      video.currentTime = target - this.#offset;
      return;
    }
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => {
      const resume = this.playing;
      this.#load(target);
      if (resume) this.play();
    }, SEEK_SETTLE_MS);
  }

  /** The browser cannot play what it was given: the file gets a preview, a preview nothing more. */
  #refused(): void {
    this.waiting = false;
    if (this.#preview) {
      this.failed = true;
      return;
    }
    const resume = this.playing;
    this.fellBack = true;
    this.#preview = true;
    this.#load(this.time);
    if (resume) this.play();
  }

  #hasArrived(seconds: number): boolean {
    const buffered = this.#video?.buffered;
    const local = seconds - this.#offset;
    if (buffered === undefined || local < 0) return false;
    for (let k = 0; k < buffered.length; k += 1) {
      if (buffered.start(k) <= local && local <= buffered.end(k)) return true;
    }
    return false;
  }

  #load(from: number): void {
    const video = this.#video;
    const detail = this.#detail;
    if (video === null || detail === null) return;
    this.#offset = this.#preview ? from : 0;
    video.src = this.#host.mediaUrl(detail.id, this.#preview ? { from } : undefined);
    video.muted = this.muted;
    video.playbackRate = Math.max(this.rate, 0.25);
    if (!this.#preview) video.currentTime = from;
  }

  #stopReverse(): void {
    clearInterval(this.#reverse);
    this.#reverse = undefined;
    if (this.rate < 0) {
      this.rate = 1;
      this.playing = false;
    }
  }
}
