// Draws the same-noise grid: one canvas over a scrolled space, and of that only what is in view.

const gridCanvas = /** @type {HTMLCanvasElement} */ (inside(space, "canvas"));

function drawGrid() {
  const width = scroller.clientWidth;
  const height = grid.printing ? TOP + grid.rows.length * grid.height : scroller.clientHeight;
  gridCanvas.style.marginBottom = `${-height}px`;
  const context = sharp(gridCanvas, width, height);
  const left = grid.printing ? 0 : scroller.scrollLeft, top = grid.printing ? 0 : scroller.scrollTop;
  const rows = span(top, height - TOP, grid.height, grid.rows.length);
  const columns = span(left, width - grid.head, grid.pitch, grid.columns.length);
  const colours = gridColours();
  context.textBaseline = "alphabetic";
  for (let r = rows[0]; r < rows[1]; r++) {
    for (let c = columns[0]; c < columns[1]; c++) {
      const cell = cellAt(r, c);
      if (cell) drawCell(context, colours, cell, cellLeft(c) - left, cellTop(r) - top);
    }
    drawRowHead(context, colours, grid.rows[r], cellTop(r) - top, width);
  }
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, width, TOP);
  drawColumnNumbers(context, colours, columns, left);
  drawCorner(context, colours);
}

/** The colours of the grid, asked for once a drawing. */
const gridColours = () => ({
  ink: ink("--ink"), soft: ink("--soft"), line: ink("--line"), paper: ink("--paper"),
  accent: ink("--accent"), bad: ink("--bad"), lit: ink("--lit"),
});
/** @typedef {ReturnType<typeof gridColours>} GridColours */

/**
 * Which rows or columns are in view, from the first to that behind the last.
 * @type {(start: number, length: number, pitch: number, total: number) => Range}
 */
const span = (start, length, pitch, total) =>
  [Math.max(0, Math.floor(start / pitch)), Math.min(total, Math.ceil((start + length) / pitch) + 1)];

/** @param {CanvasRenderingContext2D} context @param {GridColours} colours @param {Range} columns @param {number} left */
function drawColumnNumbers(context, colours, columns, left) {
  context.font = `11px ${ink("--sans")}`;
  context.textAlign = "center";
  for (let c = columns[0]; c < columns[1]; c++) {
    const { noise } = grid.columns[c];
    if (noise === null) continue;
    context.fillStyle = state.columns.has(noise) ? colours.accent : colours.soft;
    context.fillText(String(noise), cellLeft(c) - left + grid.cell / 2, 15);
  }
  drawKinds(context, colours, left);
}

/**
 * The name of each kind over its columns, and a line before them.
 * @param {CanvasRenderingContext2D} context
 * @param {GridColours} colours
 * @param {number} left
 */
function drawKinds(context, colours, left) {
  context.textAlign = "left";
  for (const [kind, columns] of groupBy(grid.columns.map((column, c) => ({ ...column, c })), (column) => column.kind)) {
    if (!kind) continue;
    const x = Math.max(cellLeft(columns[0].c) - left, grid.head), end = cellLeft(columns[columns.length - 1].c) - left + grid.cell;
    context.fillStyle = colours.soft;
    if (end - x > 20) context.fillText(clipped(context, kind, end - x), x, 15);
    context.fillStyle = colours.line;
    context.fillRect(cellLeft(columns[0].c) - left - GAP / 2, 4, 1, TOP - 6);
  }
}

/** What rows and columns are. @param {CanvasRenderingContext2D} context @param {GridColours} colours */
function drawCorner(context, colours) {
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, grid.head - 4, TOP);
  context.textAlign = "left";
  context.fillStyle = colours.soft;
  context.fillText(grid.head > 150 ? "denoiser · class shares" : "denoiser", 12, 15);
  context.textAlign = "right";
  if (state.by === "noise") context.fillText("noise", grid.head - 10, 15);
}

/**
 * A sample, with its nearest training image below it where that is wanted.
 * @param {CanvasRenderingContext2D} context
 * @param {GridColours} colours
 * @param {Cell} cell
 * @param {number} x
 * @param {number} y
 */
function drawCell(context, colours, cell, x, y) {
  const [index, i] = cell, run = RUNS[index];
  context.globalAlpha = chosen(index, i) ? 1 : 0.16;
  if (!drawPicture(context, run.sheet, i, x, y, grid.cell)) {
    context.fillStyle = colours.line;
    context.fillRect(x, y, grid.cell, grid.cell);
  }
  const near = run.near[i];
  if (state.below && near) drawPicture(context, SUBSETS[run.subset].train, near[0][0], x, y + grid.cell + 2, grid.cell, near[2][0]);
  context.globalAlpha = 1;
  const kept = sameCell(state.pin, cell);
  if (kept || sameCell(state.hover, cell)) {
    context.strokeStyle = kept ? colours.accent : colours.ink;
    context.lineWidth = kept ? 3 : 1.5;
    context.strokeRect(x - 1, y - 1, grid.cell + 2, grid.cell + 2);
  }
}

/**
 * The run's name, its facts, or why it has no samples, and its class shares.
 * @param {CanvasRenderingContext2D} context
 * @param {GridColours} colours
 * @param {number} index
 * @param {number} y
 * @param {number} width  of the grid in view
 */
function drawRowHead(context, colours, index, y, width) {
  const run = RUNS[index];
  context.fillStyle = colours.paper;
  context.fillRect(0, y - GAP / 2, grid.head - 4, grid.height);
  if (state.rows.has(index)) {
    context.fillStyle = colours.lit;
    context.fillRect(0, y - GAP / 2, grid.head - 4, grid.height);
  }
  context.fillStyle = colourOf(run);
  context.fillRect(0, y, 4, grid.height - GAP);
  context.textAlign = "left";
  context.fillStyle = colours.ink;
  context.font = `${run.kind === "control" ? "italic " : ""}600 ${grid.head < 150 ? 12 : 13}px ${ink("--sans")}`;
  context.fillText(clipped(context, run.denoiser, grid.head - 22), 12, y + 13);
  context.font = `11px ${ink("--sans")}`;
  context.fillStyle = run.samples ? colours.soft : colours.bad;
  context.fillText(clipped(context, run.samples ? rowFacts(run) : why(run), run.samples ? grid.head - 22 : width - 24), 12, y + 27);
  context.fillStyle = colours.ink;
  drawShares(context, run, 12, y + 34, grid.head - 30);
}

/** @param {Run} run */
function rowFacts(run) {
  const facts = [`d1 ${said(measured(run, "nearest_distance:pixel"))}`];
  if (grid.head >= 150) facts.push(`${percent(measured(run, "class_copy:pixel"))} copies`);
  if (SEEDS.length > 1 && state.seed === ALL && run.kind === "trained") facts.unshift(`seed ${run.seed}`);
  if (state.subset === ALL) facts.unshift(run.subset);
  return facts.join(" · ");
}

/**
 * A bar of the run's class shares.
 * @param {CanvasRenderingContext2D} context
 * @param {Run} run
 * @param {number} x
 * @param {number} y
 * @param {number} length
 */
function drawShares(context, run, x, y, length) {
  for (const { name, shade } of DATA.classes) {
    const share = measured(run, `class_${name.replaceAll(" ", "_")}:pixel`);
    if (!share) continue;
    context.globalAlpha = shade;
    context.fillRect(x, y, Math.max(share * length - 1, 0.6), 6);
    x += share * length;
  }
  context.globalAlpha = 1;
}

/**
 * What does not fit is left out before the last letters, by which names of one family differ.
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} width
 */
function clipped(context, text, width) {
  const kept = Math.min(4, text.length);
  let fitting = text;
  for (let n = text.length - kept; n > 0 && context.measureText(fitting).width > width; n--) {
    fitting = `${text.slice(0, n - 1)}…${text.slice(-kept)}`;
  }
  return fitting;
}

painters.push((keys) => {
  if (touches(keys, ...FILTERS, "below", "size")) {
    const top = scroller.scrollTop, left = scroller.scrollLeft;
    layGrid();
    scroller.scrollTop = top;
    scroller.scrollLeft = left;
  }
  drawGrid();
  if (touches(keys, ...FILTERS, "below", "size", "focus", "pin")) markFocus();
});
