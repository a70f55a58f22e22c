import type { Pattern, Peak } from './lane.ts';
import { xOf, type View } from './timeline.ts';

/** What a lane is drawn from, in CSS pixels. */
export interface LaneDrawing {
  readonly columns: Float32Array;
  readonly peaks: readonly Peak[];
  readonly view: View;
  readonly width: number;
  readonly height: number;
  readonly hue: string;
  readonly pattern: Pattern;
}

const PEAK_TICK = 4;

/** Draws one lane: a bar a column whose height and strength are the score, its pattern, and a tick on each peak. */
export function drawLane(canvas: HTMLCanvasElement, drawing: LaneDrawing): void {
  const { columns, width, height, hue } = drawing;
  const ratio = devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(ratio, ratio);
  const room = height - PEAK_TICK - 1;
  context.fillStyle = hue;
  columns.forEach((score, x) => {
    if (score <= 0) return;
    context.globalAlpha = 0.22 + 0.78 * score;
    const tall = Math.max(1.5, score * room);
    context.fillRect(x, height - tall, 1, tall);
  });
  context.globalAlpha = 1;
  cutPattern(context, drawing);
  context.fillStyle = hue;
  for (const peak of drawing.peaks) {
    if (peak.match === 'none') continue;
    const x = xOf(drawing.view, width, peak.time);
    if (x < -3 || x > width + 3) continue;
    context.beginPath();
    context.moveTo(x - 3, 0);
    context.lineTo(x + 3, 0);
    context.lineTo(x, PEAK_TICK + 1);
    context.fill();
  }
}

/** Takes thin lines or dots out of the bars, so that lanes differ without colour. */
function cutPattern(context: CanvasRenderingContext2D, { pattern, width, height }: LaneDrawing): void {
  if (pattern === 'solid') return;
  context.save();
  context.globalCompositeOperation = 'destination-out';
  context.beginPath();
  if (pattern === 'diagonal') {
    for (let x = -height; x < width; x += 6) {
      context.moveTo(x, height);
      context.lineTo(x + height, 0);
    }
  } else if (pattern === 'rows') {
    for (let y = height - 3.5; y > 0; y -= 4) {
      context.moveTo(0, y);
      context.lineTo(width, y);
    }
  } else {
    for (let y = height - 3; y > 0; y -= 5) {
      for (let x = 2 + ((y | 0) % 2) * 2.5; x < width; x += 5) context.rect(x, y, 1.6, 1.6);
    }
    context.fill();
  }
  context.lineWidth = 1.4;
  if (pattern !== 'dots') context.stroke();
  context.restore();
}
