import { makeVideo } from '../fixtures/videos.ts';

/** Seconds that are drawn, and how often they follow one another: starting a command must weigh little. */
const DRAWN_SECONDS = 60;
const TIMES = 10;
/** Seconds of the film. */
export const FILM_SECONDS = TIMES * DRAWN_SECONDS;

/** Three seconds of the set, over and over: it is slow to draw. */
const SET_AGAIN = 'loop=loop=-1:size=90,setpts=N/30/TB,scale=1920:1080';

/** Pictures that cost a decoder about what filmed ones do: fine structure in motion, soft motion with grain, graphics. */
const SCENES = [
  `mandelbrot=size=480x270:rate=30:start_scale=2:end_scale=0.02:maxiter=600,${SET_AGAIN}`,
  'gradients=size=960x540:rate=30:speed=0.03:nb_colors=6,scale=1920:1080,noise=alls=6:allf=t',
  'testsrc2=size=1920x1080:rate=30',
  `mandelbrot=size=480x270:rate=30:start_x=-0.7436:start_y=-0.1318:end_scale=0.01:maxiter=600,${SET_AGAIN},noise=alls=4:allf=t`,
];

/** The film that indexing is measured on: ten minutes of 1080p30 H.264 with a key frame every 2 s. Made once and kept. */
export async function benchFilm(): Promise<string> {
  const drawn = await drawnFilm();
  return makeVideo('mp4', ['-stream_loop', `${TIMES - 1}`, '-i', drawn, '-c', 'copy']);
}

function drawnFilm(): Promise<string> {
  const each = DRAWN_SECONDS / SCENES.length;
  const inputs = SCENES.flatMap((scene) => ['-f', 'lavfi', '-t', `${each}`, '-i', scene]);
  const joined = SCENES.map((_, i) => `[${i}:v]format=yuv420p,setsar=1[s${i}]`).join(';');
  const order = SCENES.map((_, i) => `[s${i}]`).join('');
  return makeVideo('mp4', [
    ...inputs,
    '-filter_complex',
    `${joined};${order}concat=n=${SCENES.length}[v]`,
    ...[
      '-map',
      '[v]',
      '-c:v',
      'libx264',
      '-preset',
      'veryfast',
      '-crf',
      '23',
      '-g',
      '60',
      '-keyint_min',
      '60',
    ],
    ...['-sc_threshold', '0'],
  ]);
}
