import type { App } from '../app.ts';
import { t } from '../strings.ts';
import type { Command } from './keys.ts';
import type { Playback } from './playback.svelte.ts';
import { neighbour, zoom } from './timeline.ts';

/** Does what a key or button of the player asks. */
export function obey(command: Command, app: App, playback: Playback): void {
  const { player, notices } = app;
  const { detail } = player;
  if (detail === null || detail.kind === 'image') return;
  const frame = 1 / Math.max(detail.frameRate, 1);
  const stepTo = (seconds: number): void => {
    playback.pause();
    playback.seek(seconds);
  };
  switch (command) {
    case 'play':
      playback.toggle();
      break;
    case 'stop':
      playback.pause();
      break;
    case 'forward':
      playback.forward();
      break;
    case 'backward':
      playback.backward();
      break;
    case 'frame-forward':
      stepTo(playback.time + frame);
      break;
    case 'frame-backward':
      stepTo(playback.time - frame);
      break;
    case 'second-forward':
      playback.seek(playback.time + 1);
      break;
    case 'second-backward':
      playback.seek(playback.time - 1);
      break;
    case 'start':
      playback.seek(0);
      break;
    case 'end':
      playback.seek(detail.duration);
      break;
    case 'next-match':
      visitMatch(app, playback, 1);
      break;
    case 'previous-match':
      visitMatch(app, playback, -1);
      break;
    case 'next-cut':
      playback.seek(neighbour(detail.cuts, playback.time, 1) ?? playback.time);
      break;
    case 'previous-cut':
      playback.seek(neighbour(detail.cuts, playback.time, -1) ?? 0);
      break;
    case 'in':
      player.inPoint = playback.time;
      notices.announce(t.player.marked(t.player.setIn, playback.time));
      break;
    case 'out':
      player.outPoint = playback.time;
      notices.announce(t.player.marked(t.player.setOut, playback.time));
      break;
    case 'clear-range':
      player.inPoint = null;
      player.outPoint = null;
      break;
    case 'faster':
      playback.stepRate(1);
      notices.announce(t.player.speed(playback.rate));
      break;
    case 'slower':
      playback.stepRate(-1);
      notices.announce(t.player.speed(playback.rate));
      break;
    case 'zoom-in':
    case 'zoom-out':
      player.view = zoom(player.view, detail.duration, command === 'zoom-in' ? 0.5 : 2, playback.time);
      break;
    case 'mute':
      playback.setMuted(!playback.muted);
      break;
    case 'search':
    case 'keys':
    case 'back':
    case 'find-here':
    case 'full-screen':
      // Theirs who own the box, the dialog, the address and the frame.
      break;
  }
}

function visitMatch({ player, notices }: App, playback: Playback, direction: 1 | -1): void {
  const times = player.peaks.map((peak) => peak.time);
  const time = neighbour(times, playback.time, direction);
  const peak = player.peaks.find((candidate) => candidate.time === time);
  if (peak === undefined) {
    notices.announce(direction === 1 ? t.player.noNext : t.player.noPrevious);
    return;
  }
  playback.seek(peak.time);
  const words = t.match[peak.match];
  notices.announce(
    direction === 1 ? t.player.saidNext(peak.time, words) : t.player.saidPrevious(peak.time, words),
  );
}
