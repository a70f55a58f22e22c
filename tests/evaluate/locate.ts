import { boxesOf, FLOOR, withArticle } from './places.ts';
import { counting, sampleSize, shareOf, type Evaluation } from './evaluation.ts';
import { openHeldOut } from './held-out.ts';
import type { Detection } from './yolox.ts';

const PHOTOGRAPHS = 300;

/** How the cells of the heat lie, and which of them has its middle in a box. */
export function cellsInside(
  boxes: readonly Pick<Detection, 'left' | 'top' | 'right' | 'bottom'>[],
  grid: { readonly rows: number; readonly columns: number },
): boolean[] {
  return Array.from({ length: grid.rows * grid.columns }, (_, cell) => {
    const x = ((cell % grid.columns) + 0.5) / grid.columns;
    const y = (Math.floor(cell / grid.columns) + 0.5) / grid.rows;
    return boxes.some(({ left, top, right, bottom }) => left <= x && x <= right && top <= y && y <= bottom);
  });
}

/**
 * For each class that YOLOX finds in a held-out photograph: does the hottest cell for "a <class>" have its middle in a
 * box of that class? Things so small that no cell has its middle in them are counted and left out. `byChance` is the
 * share that a cell chosen blindly would reach.
 */
export async function evaluateLocate(evaluation: Evaluation): Promise<object> {
  const { engine, photographs } = await openHeldOut(evaluation);
  try {
    const { grid, capabilities, id } = (await engine.pack()).facts;
    if (grid === null || !capabilities.includes('locate')) {
      return { leftOut: `The pack ${id} cannot find things in a frame.` };
    }
    const language = await engine.language();
    const chosen = photographs.slice(0, sampleSize(evaluation, PHOTOGRAPHS));
    const tell = counting('places in photographs', chosen.length);
    const hits: { kind: string; hit: boolean; byChance: number }[] = [];
    let tooSmall = 0;
    const found = await boxesOf(evaluation, engine.store, chosen);
    for (const [turn, { file, tokens }] of chosen.entries()) {
      const boxes = (found.get(file) ?? []).filter(({ score }) => score >= FLOOR);
      for (const kind of new Set(boxes.map((box) => box.kind))) {
        const inside = cellsInside(
          boxes.filter((box) => box.kind === kind),
          grid,
        );
        if (!inside.includes(true)) {
          tooSmall += 1;
          continue;
        }
        const heat = await language.locate(tokens, withArticle(kind));
        const hottest = heat.indexOf(Math.max(...heat));
        const byChance = inside.filter(Boolean).length / inside.length;
        hits.push({ kind, hit: inside[hottest] ?? false, byChance });
      }
      tell(turn + 1);
    }
    const chance = hits.reduce((sum, { byChance }) => sum + byChance, 0) / Math.max(1, hits.length);
    return {
      photographs: chosen.length,
      leastScore: FLOOR,
      peakInBox: shareOf(hits.map(({ hit }) => hit)),
      people: shareOf(hits.filter(({ kind }) => kind === 'person').map(({ hit }) => hit)),
      otherClasses: shareOf(hits.filter(({ kind }) => kind !== 'person').map(({ hit }) => hit)),
      byChancePerCent: Math.round(1000 * chance) / 10,
      tooSmall,
    };
  } finally {
    await engine.close();
  }
}
