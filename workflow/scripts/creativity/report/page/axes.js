// A measure along each axis in which runs differ: depth, width, receptive field, number of training images.

const REFERENCES = ["held-out", "copier", "noise"]; // the controls that are drawn as lines
let axisMeasure = DATA.measures.includes("nearest_distance:pixel") ? "nearest_distance:pixel" : DATA.measures[0];

function drawAxisForm() {
  const choose = (/** @type {string} */ name) => {
    axisMeasure = name;
    drawAxes();
  };
  find("axis-form").replaceChildren(
    DATA.measures.length ? choice("measure", DATA.measures, axisMeasure, choose, measureLabel) : "No run has measures yet.");
}

function drawAxes() {
  const panels = DATA.axes.map((axis) => axisPanel(axis)).filter((panel) => panel !== null);
  find("axis-panels").replaceChildren(...(panels.length ? panels : [el("p", {}, "No two runs shown differ in one number alone.")]));
}

/** @param {Axis} axis */
function axisPanel(axis) {
  const across = axis.name.startsWith("training images"); // over all subsets
  const inSubset = (/** @type {Run} */ run) => across || state.subset === ALL || run.subset === state.subset;
  const points = axisPoints(axis, across, inSubset);
  if (!points.length) return null;
  const references = across ? [] : REFERENCES.flatMap((name) => {
    const at = meanOf(name, inSubset);
    return at === null ? [] : [{ name, at }];
  });
  const top = Math.max(...points.map(({ at, high }) => high ?? at)), bottom = Math.min(...points.map(({ at, low }) => low ?? at));
  const reach = 1.5 * (top - bottom || 1);
  const near = references.filter(({ at }) => at <= top + reach && at >= bottom - reach);
  const away = references.filter((control) => !near.includes(control));
  const ticks = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const drawn = chart(`${measureLabel(axisMeasure)} along ${axis.name}`,
    { domain: axis.log ? [ticks[0] / 1.2, ticks[ticks.length - 1] * 1.2] : extent(ticks), log: axis.log, label: axis.name, ticks },
    { domain: extent([top, bottom, ...near.map(({ at }) => at)]) });
  for (const { name, at } of near) {
    drawn.svg.append(level(drawn, at), svg("text", { x: drawn.box.right, y: drawn.y(at) - 3, "text-anchor": "end" }, name));
  }
  drawAxisLines(drawn, points);
  for (const point of points) drawn.svg.append(...markOf(drawn, point));
  const far = away.map(({ name, at }) => `${name} at ${said(at)}`).join(", ");
  return panelOf(axis.name, drawn.svg, far ? `Off the scale: ${far}.` : null);
}

/**
 * The runs on an axis that are shown and measured.
 * @param {Axis} axis
 * @param {boolean} across
 * @param {(run: Run) => boolean} inSubset
 * @returns {Mark[]}
 */
function axisPoints(axis, across, inSubset) {
  return axis.points.flatMap(([index, x, key, name]) => {
    const run = RUNS[index], [at, low, high] = run.measures[axisMeasure] ?? [null];
    if (at === null || !inSubset(run) || !state.families.has(familyOf(run))) return [];
    if (state.seed !== ALL && run.kind === "trained" && run.seed !== state.seed) return [];
    if (across && run.kind === "control" && !REFERENCES.includes(run.denoiser)) return [];
    return [{ run, index, x, key, name, at, low, high }];
  });
}

/** Joins runs of one line, and says what the line is where there is room. @param {Chart} drawn @param {Mark[]} points */
function drawAxisLines(drawn, points) {
  /** @type {[number, number][]} */
  const named = []; // where a line's name stands already: another does not cover it
  for (const [key, members] of groupBy(points, (point) => point.key)) {
    if (key === null) continue;
    /** @type {[number, number][]} */
    const places = members.sort((a, b) => a.x - b.x).map(({ x, at }) => [drawn.x(x), drawn.y(at)]);
    drawn.svg.append(line(places, cssColour(members[0].run)));
    const { name } = members[members.length - 1], end = places[places.length - 1];
    if (!name || named.some(([x, y]) => Math.abs(x - end[0]) < 60 && Math.abs(y - end[1]) < 11)) continue;
    named.push(end);
    drawn.svg.append(svg("text", { class: "name", x: end[0] - 6, y: end[1] - 7, "text-anchor": "end" }, name));
  }
}

/** A run with its interval. @param {Chart} drawn @param {Mark} point */
function markOf(drawn, { run, index, x, at, low, high }) {
  const colour = cssColour(run), cx = drawn.x(x);
  const bar = low === null || high === null ? []
    : [svg("line", { x1: cx, x2: cx, y1: drawn.y(low), y2: drawn.y(high), style: `stroke:${colour}`, "stroke-width": 1.4 })];
  const style = `fill:${colour};cursor:pointer`, title = svg("title", {}, `${nameOf(run)}: ${withInterval(at, low, high)}`);
  return [...bar, svg("circle", { class: "mark", cx, cy: drawn.y(at), r: 3.6, style, onclick: () => selectRun(index) }, title)];
}

/** A measure of a control, as the mean over subsets. @param {string} denoiser @param {(run: Run) => boolean} inSubset */
function meanOf(denoiser, inSubset) {
  const runs = RUNS.filter((run) => run.denoiser === denoiser && inSubset(run));
  const values = runs.map((run) => measured(run, axisMeasure)).filter((value) => value !== null);
  return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}

/** @param {number} index */
function selectRun(index) {
  update({ rows: toggled(state.rows, index) });
  find("explorer").scrollIntoView();
}

painters.push((keys) => {
  if (touches(keys, "subset", "seed", "families", "size")) drawAxes();
});
