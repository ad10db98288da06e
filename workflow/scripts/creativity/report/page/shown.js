// Which runs and samples are shown, by the filters and by what is selected.

/** @param {Run} run @param {number} index */
function runShown(run, index) {
  if (state.subset !== ALL && run.subset !== state.subset) return false;
  if (state.seed !== ALL && run.kind === "trained" && run.seed !== state.seed) return false;
  if (!state.families.has(familyOf(run))) return false;
  if (state.axis === ALL || run.kind === "control") return true;
  return DATA.axes.some((axis) => axis.name === state.axis && axis.points.some((point) => point[0] === index));
}

/** @type {(value: number, range: Range) => boolean} */
const within = (value, [low, high]) => value >= low && value <= high;

/** Whether samples are being chosen, by class or by their place on the map. */
const narrowed = () => state.brush !== null || state.classes.size < CLASS_NAMES.length;

/** @param {Run} run @param {number} i */
function passes(run, i) {
  const kind = run.class[i];
  if (state.classes.size < CLASS_NAMES.length && !(kind && state.classes.has(kind))) return false;
  if (!state.brush) return true;
  const at = place(run, i);
  return at !== null && within(at[0], state.brush.x) && within(at[1], state.brush.y);
}

/** Whether a sample of a run that is shown is selected, too. @type {(index: number, i: number) => boolean} */
const chosen = (index, i) =>
  (!state.rows.size || state.rows.has(index)) &&
  (!state.columns.size || state.columns.has(RUNS[index].noises[i])) && passes(RUNS[index], i);

/** The rows and columns of the grid: a run without any sample stands there all the same, unless samples are being chosen. */
function shownCells() {
  const rows = RUNS.flatMap((run, index) => (runShown(run, index) && (!narrowed() || anyPasses(run)) ? [index] : []));
  return { rows, columns: state.by === "kind" ? kindColumns(rows) : noiseColumns(rows) };
}

/** @param {Run} run */
function anyPasses(run) {
  for (let i = 0; i < run.samples; i++) if (passes(run, i)) return true;
  return false;
}

/** A column for each noise of which a sample is selected. @param {number[]} rows @returns {Column[]} */
function noiseColumns(rows) {
  /** @type {Set<number>} */
  const noises = new Set();
  for (const index of rows) RUNS[index].noises.forEach((noise, i) => passes(RUNS[index], i) && noises.add(noise));
  return [...noises].sort((a, b) => a - b).map((noise) => ({ noise, kind: "", rank: 0 }));
}

const FIRST = 4; // samples of a kind that are shown at first

/** @param {number[]} rows @returns {Column[]} */
const kindColumns = (rows) => KINDS.flatMap((kind) => Array.from({ length: Math.min(carried(kind, rows), mostOf(kind)) },
  (_, rank) => ({ noise: null, kind, rank })));

/** @type {(kind: string) => number} */
const mostOf = (kind) => (state.deep.has(kind) ? Infinity : FIRST);

/** How many samples of a kind the page carries of a run, at most. @type {(kind: string, rows: number[]) => number} */
const carried = (kind, rows) => rows.reduce((most, index) => Math.max(most, RUNS[index].kinds[kind]?.length ?? 0), 0);

/** The sample of a run that stands in a column. @type {(index: number, column: Column) => number | undefined} */
const placeIn = (index, { noise, kind, rank }) => (noise === null ? RUNS[index].kinds[kind]?.[rank] : PLACES[index].get(noise));
