/** The curves of the documentation as small SVG pictures. Pure. */

const WIDTH = 560;
const HEIGHT = 340;
const LEFT = 52;
const BOTTOM = 44;
const TOP = 34;
const RIGHT = 118;
const COLOURS = ['#111827', '#2563eb', '#dc2626', '#059669', '#d97706', '#7c3aed', '#0891b2'] as const;

interface Line {
  readonly name: string;
  /** Both 0 to 1. */
  readonly points: readonly (readonly [number, number])[];
  /** The point in use. */
  readonly mark: readonly [number, number];
}

/** A chart of shares against shares; the point in use of each line is marked. */
export function chart(title: string, across: string, up: string, lines: readonly Line[]): string {
  const x = (value: number): string => (LEFT + value * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const y = (value: number): string => (HEIGHT - BOTTOM - value * (HEIGHT - BOTTOM - TOP)).toFixed(1);
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((at) => [
    `<path d="M${x(at)} ${y(0)}V${y(1)}M${x(0)} ${y(at)}H${x(1)}" stroke="#e5e7eb"/>`,
    `<text x="${x(at)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${100 * at} %</text>`,
    `<text x="${LEFT - 6}" y="${Number(y(at)) + 4}" text-anchor="end">${100 * at} %</text>`,
  ]);
  const drawn = lines.flatMap(({ name, points, mark }, index) => {
    const colour = COLOURS[index % COLOURS.length]!;
    const path = points.map(([px, py], at) => `${at === 0 ? 'M' : 'L'}${x(px)} ${y(py)}`).join('');
    const legend = TOP + 8 + 18 * index;
    return [
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${index === 0 ? 2.5 : 1.5}"/>`,
      `<circle cx="${x(mark[0])}" cy="${y(mark[1])}" r="4" fill="${colour}"/>`,
      `<text x="${WIDTH - RIGHT + 24}" y="${legend + 4}">${name}</text>`,
      `<path d="M${WIDTH - RIGHT + 8} ${legend}h12" stroke="${colour}" stroke-width="2.5"/>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="11" fill="#111827">`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    `<text x="${LEFT}" y="18" font-size="13" font-weight="bold">${title}</text>`,
    ...grid,
    `<text x="${x(0.5)}" y="${HEIGHT - 8}" text-anchor="middle">${across}</text>`,
    `<text transform="translate(12 ${y(0.5)}) rotate(-90)" text-anchor="middle">${up}</text>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}
