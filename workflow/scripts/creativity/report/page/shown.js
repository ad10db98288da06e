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
  (!state.rows.size || state.rows.has(index)) && (!state.columns.size || state.columns.has(i)) && passes(RUNS[index], i);

/** The rows and columns of the grid: a run without any sample stands there all the same, unless samples are being chosen. */
function shownCells() {
  /** @type {number[]} */
  const rows = [];
  /** @type {Set<number>} */
  const columns = new Set();
  RUNS.forEach((run, index) => {
    if (!runShown(run, index)) return;
    let stands = !narrowed();
    for (let i = 0; i < run.samples; i++) {
      if (passes(run, i)) {
        stands = true;
        columns.add(i);
      }
    }
    if (stands) rows.push(index);
  });
  return { rows, columns: [...columns].sort((a, b) => a - b) };
}
