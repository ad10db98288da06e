// The copy-or-create map: its points, one a sample, and its scales between numbers and places.

const map = find("map");
const MARGIN = { left: 46, right: 12, top: 10, bottom: 34 };
const plot = {
  points: /** @type {Point[]} */ ([]),
  lit: /** @type {Point[]} */ ([]), // those selected, from left to right
  width: 0, height: 0,
  x: 2, y: 2, // where the scales end
  drag: /** @type {{ x: Range, y: Range } | null} */ (null), // in pixels
};

/** @param {number[]} values @param {number} q */
function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 1;
}

/**
 * Scales hold for all samples, so that a filter moves no point. Far outliers stand at the border. Where the page carries samples
 * for being far out, the scales are those of the map of all samples.
 */
function scaleMap() {
  const places = RUNS.flatMap((run) => Array.from({ length: run.samples }, (_, i) => place(run, i))).filter((at) => at !== null);
  const end = (/** @type {number[]} */ values) => Math.max(1.5, Math.min(quantile(values, 1), 1.5 * quantile(values, 0.99)));
  if (!DATA.whole) {
    plot.x = plot.y = DATA.squares[0] / DATA.squares[1];
    return;
  }
  plot.x = end(places.map(([x]) => x)) * 1.04;
  plot.y = end(places.map(([, y]) => y)) * 1.04;
}

const plotWidth = () => plot.width - MARGIN.left - MARGIN.right;
const plotHeight = () => plot.height - MARGIN.top - MARGIN.bottom;

/** @type {(value: number) => number} */
const mapX = (value) => MARGIN.left + (Math.min(value, plot.x) / plot.x) * plotWidth();

/** @type {(value: number) => number} */
const mapY = (value) => plot.height - MARGIN.bottom - (Math.min(value, plot.y) / plot.y) * plotHeight();

/** @type {(x: number) => number} */
const unX = (x) => ((x - MARGIN.left) / plotWidth()) * plot.x;

/** @type {(y: number) => number} */
const unY = (y) => ((plot.height - MARGIN.bottom - y) / plotHeight()) * plot.y;

function placePoints() {
  plot.points = [];
  RUNS.forEach((run, index) => {
    if (!runShown(run, index)) return;
    for (let i = 0; i < run.samples; i++) {
      const at = place(run, i);
      if (at) plot.points.push({ index, i, x: mapX(at[0]), y: mapY(at[1]), lit: chosen(index, i), kind: run.class[i] });
    }
  });
  plot.lit = plot.points.filter((point) => point.lit).sort((a, b) => a.x - b.x);
}

/** How many of all samples of some runs lie in each square. @param {Run[]} runs */
function densityOf(runs) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const run of runs) for (const [square, count] of run.density) counts.set(square, (counts.get(square) ?? 0) + count);
  return counts;
}

/** The selected sample next to a place on the map, if it is near. @param {number} x @param {number} y @returns {Cell | null} */
function pointNear(x, y) {
  /** @type {Cell | null} */
  let nearest = null;
  let least = 12 ** 2;
  for (const point of plot.lit) {
    const distance = (point.x - x) ** 2 + (point.y - y) ** 2;
    if (distance < least) [nearest, least] = [[point.index, point.i], distance];
  }
  return nearest;
}
