// The same-noise grid: one canvas over a scrolled space, of which only what is in view is drawn.

const GAP = 4, TOP = 22;
const scroller = find("grid"), space = scroller.querySelector(".space"), gridCanvas = space.querySelector("canvas");
const grid = { rows: [], columns: [], cell: 48, pitch: 52, height: 52, head: 184, printing: false };

function measureGrid() {
  const side = Math.min(DATA.dataset.size, 96), aim = scroller.clientWidth < 500 ? 38 : 48;
  grid.cell = side >= aim ? Math.min(side, 64) : side * Math.max(1, Math.round(aim / side));
  grid.pitch = grid.cell + GAP;
  grid.head = scroller.clientWidth < 500 ? 118 : 190;
  grid.height = Math.max(state.below ? 2 * grid.cell + 2 + GAP * 2 : grid.pitch, 50);
}

function layGrid() {
  measureGrid();
  Object.assign(grid, shownCells());
  space.style.width = `${grid.head + grid.columns.length * grid.pitch + GAP}px`;
  space.style.height = `${TOP + grid.rows.length * grid.height + GAP}px`;
  for (const name of ["cell", "pitch", "height", "head"]) scroller.dataset[name] = grid[name];
  scroller.dataset.top = TOP;
  scroller.setAttribute("aria-rowcount", grid.rows.length);
  scroller.setAttribute("aria-colcount", grid.columns.length);
}

const cellLeft = (column) => grid.head + column * grid.pitch;
const cellTop = (row) => TOP + row * grid.height + GAP / 2;

function drawGrid() {
  const width = scroller.clientWidth;
  const height = grid.printing ? TOP + grid.rows.length * grid.height : scroller.clientHeight;
  gridCanvas.style.marginBottom = `${-height}px`;
  const context = sharp(gridCanvas, width, height);
  const colours = { ink: ink("--ink"), soft: ink("--soft"), line: ink("--line"), paper: ink("--paper"), accent: ink("--accent"), bad: ink("--bad") };
  const left = grid.printing ? 0 : scroller.scrollLeft, top = grid.printing ? 0 : scroller.scrollTop;
  const rows = span(top, height - TOP, grid.height, grid.rows.length);
  const columns = span(left, width - grid.head, grid.pitch, grid.columns.length);
  context.textBaseline = "alphabetic";
  for (let r = rows[0]; r < rows[1]; r++) {
    for (let c = columns[0]; c < columns[1]; c++) drawCell(context, colours, grid.rows[r], grid.columns[c], cellLeft(c) - left, cellTop(r) - top);
    drawRowHead(context, colours, grid.rows[r], cellTop(r) - top, width);
  }
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, width, TOP);
  context.font = `11px ${ink("--sans")}`;
  context.textAlign = "center";
  for (let c = columns[0]; c < columns[1]; c++) {
    const lit = state.columns.has(grid.columns[c]);
    context.fillStyle = lit ? colours.accent : colours.soft;
    context.fillText(String(grid.columns[c]), cellLeft(c) - left + grid.cell / 2, 15);
  }
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, grid.head - 4, TOP);
  context.textAlign = "left";
  context.fillStyle = colours.soft;
  context.fillText(grid.head > 150 ? "denoiser · class shares" : "denoiser", 12, 15);
  context.textAlign = "right";
  context.fillText("noise", grid.head - 10, 15);
}

function span(start, length, pitch, total) {
  return [Math.max(0, Math.floor(start / pitch)), Math.min(total, Math.ceil((start + length) / pitch) + 1)];
}

function drawCell(context, colours, index, i, x, y) {
  const run = RUNS[index];
  if (i >= count(run)) return;
  context.globalAlpha = chosen(index, i) ? 1 : 0.16;
  if (!drawPicture(context, run.sheet, i, x, y, grid.cell)) {
    context.fillStyle = colours.line;
    context.fillRect(x, y, grid.cell, grid.cell);
  }
  const near = run.near[i];
  if (state.below && near) drawPicture(context, SUBSETS[run.subset].train, near[0][0], x, y + grid.cell + 2, grid.cell, near[2][0]);
  context.globalAlpha = 1;
  const same = (cell) => cell && cell[0] === index && cell[1] === i;
  if (same(state.pin) || same(state.hover)) {
    context.strokeStyle = same(state.pin) ? colours.accent : colours.ink;
    context.lineWidth = same(state.pin) ? 3 : 1.5;
    context.strokeRect(x - 1, y - 1, grid.cell + 2, grid.cell + 2);
  }
}

function drawRowHead(context, colours, index, y, width) {
  const run = RUNS[index], narrow = grid.head < 150;
  context.fillStyle = colours.paper;
  context.fillRect(0, y - GAP / 2, grid.head - 4, grid.height);
  if (state.rows.has(index)) {
    context.fillStyle = ink("--lit");
    context.fillRect(0, y - GAP / 2, grid.head - 4, grid.height);
  }
  context.fillStyle = colourOf(run);
  context.fillRect(0, y, 4, grid.height - GAP);
  context.textAlign = "left";
  context.fillStyle = colours.ink;
  context.font = `${run.kind === "control" ? "italic " : ""}600 ${narrow ? 12 : 13}px ${ink("--sans")}`;
  context.fillText(clipped(context, run.denoiser, grid.head - 22), 12, y + 13);
  const apart = [state.subset === ALL ? run.subset : null, SEEDS.length > 1 && state.seed === ALL && run.kind === "trained" ? `seed ${run.seed}` : null].filter(Boolean);
  const d1 = measured(run, "nearest_distance:pixel");
  const facts = narrow ? [...apart, `d1 ${said(d1)}`] : [...apart, `d1 ${said(d1)}`, `${percent(measured(run, "memorised:pixel"))} memorised`];
  context.font = `11px ${ink("--sans")}`;
  context.fillStyle = count(run) ? colours.soft : colours.bad;
  context.fillText(clipped(context, count(run) ? facts.join(" · ") : why(run), count(run) ? grid.head - 22 : width - 24), 12, y + 27);
  let x = 12;
  const length = grid.head - 30;
  for (const name of DATA.classes) {
    const share = measured(run, `class_${name.replaceAll(" ", "_")}:pixel`);
    if (!share) continue;
    context.globalAlpha = SHADES[name] ?? 0.5;
    context.fillStyle = colours.ink;
    context.fillRect(x, y + 34, Math.max(share * length - 1, 0.6), 6);
    context.globalAlpha = 1;
    x += share * length;
  }
}

// What does not fit is left out before the last letters, by which names of one family differ.
function clipped(context, text, width) {
  const kept = Math.min(4, text.length);
  let made = text;
  for (let n = text.length - kept; n > 0 && context.measureText(made).width > width; n--) made = `${text.slice(0, n - 1)}…${text.slice(-kept)}`;
  return made;
}

function why(run) {
  if (run.status === "diverged") return `no samples: training diverged${run.steps === null ? "" : ` at step ${run.steps}`}`;
  if (run.missing.length) return `not complete: ${run.missing.map((each) => each.file).join(", ")} missing`;
  return "no samples";
}

// Where the pointer is: a cell, a row's head, a column's number, or nothing.
function hit(event) {
  const box = scroller.getBoundingClientRect();
  const x = event.clientX - box.left - scroller.clientLeft, y = event.clientY - box.top - scroller.clientTop;
  const row = y < TOP ? -1 : Math.floor((y - TOP + scroller.scrollTop) / grid.height);
  const column = x < grid.head ? -1 : Math.floor((x - grid.head + scroller.scrollLeft) / grid.pitch);
  return { row: row < grid.rows.length ? row : null, column: column < grid.columns.length ? column : null };
}

function cellAt(row, column) {
  if (row === null || column === null || row < 0 || column < 0) return null;
  const index = grid.rows[row], i = grid.columns[column];
  return index !== undefined && i < count(RUNS[index]) ? [index, i] : null;
}

const toggled = (set, item) => {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
};
const sameCell = (a, b) => a === b || (a && b && a[0] === b[0] && a[1] === b[1]);

scroller.addEventListener("mousemove", (event) => {
  const { row, column } = hit(event);
  const cell = cellAt(row, column);
  if (!sameCell(cell, state.hover)) update({ hover: cell });
});
const left = () => state.hover && update({ hover: null, focus: state.hover }); // it stays in sight, to be looked at closely
scroller.addEventListener("mouseleave", left);
scroller.addEventListener("click", (event) => {
  const { row, column } = hit(event);
  if (row === null || column === null) return;
  if (column === -1 && row >= 0) update({ rows: toggled(state.rows, grid.rows[row]) });
  else if (row === -1 && column >= 0) update({ columns: toggled(state.columns, grid.columns[column]) });
  else {
    const cell = cellAt(row, column);
    if (cell) update({ pin: sameCell(cell, state.pin) ? null : cell, focus: cell, hover: null });
  }
});
scroller.addEventListener("scroll", () => requestAnimationFrame(drawGrid), { passive: true });
scroller.addEventListener("focus", () => {
  if (!state.focus && scroller.matches(":focus-visible")) moveTo(0, 0);
});
scroller.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const [row, column] = focusPlace();
  const page = Math.max(1, Math.floor((scroller.clientHeight - TOP) / grid.height));
  const moves = {
    ArrowRight: [row, column + 1], ArrowLeft: [row, column - 1], ArrowDown: [row + 1, column], ArrowUp: [row - 1, column],
    Home: [row, 0], End: [row, grid.columns.length - 1], PageDown: [row + page, column], PageUp: [row - page, column],
  };
  const keys = {
    Enter: () => pinFocus(), " ": () => pinFocus(), Escape: () => clearAll(),
    r: () => state.focus && update({ rows: toggled(state.rows, state.focus[0]) }),
    c: () => state.focus && update({ columns: toggled(state.columns, state.focus[1]) }),
  };
  if (moves[event.key]) moveTo(...moves[event.key]);
  else if (keys[event.key]) keys[event.key]();
  else return;
  event.preventDefault();
});

function pinFocus() {
  if (state.focus) update({ pin: sameCell(state.focus, state.pin) ? null : state.focus });
}

function focusPlace() {
  if (!state.focus) return [0, 0];
  return [Math.max(0, grid.rows.indexOf(state.focus[0])), Math.max(0, grid.columns.indexOf(state.focus[1]))];
}

// Rows without samples are stepped over.
function moveTo(row, column) {
  const limit = (n, size) => Math.min(Math.max(n, 0), size - 1);
  const from = focusPlace()[0], step = row < from ? -1 : 1;
  let r = limit(row, grid.rows.length);
  const c = limit(column, grid.columns.length);
  while (r >= 0 && r < grid.rows.length && !cellAt(r, c)) r += step;
  const cell = cellAt(r, c);
  if (!cell) return;
  const x = cellLeft(c), y = cellTop(r);
  if (x - scroller.scrollLeft < grid.head) scroller.scrollLeft = x - grid.head;
  if (x + grid.pitch - scroller.scrollLeft > scroller.clientWidth) scroller.scrollLeft = x + grid.pitch - scroller.clientWidth;
  if (y - scroller.scrollTop < TOP) scroller.scrollTop = y - TOP;
  if (y + grid.height - scroller.scrollTop > scroller.clientHeight) scroller.scrollTop = y + grid.height - scroller.clientHeight;
  update({ focus: cell, hover: null });
}

// The one cell in the document's tree: the focused one, for eyes and for screen readers.
function markFocus() {
  const cells = space.querySelector(".cells");
  if (!state.focus || !grid.rows.includes(state.focus[0]) || !grid.columns.includes(state.focus[1])) {
    cells.replaceChildren();
    scroller.removeAttribute("aria-activedescendant");
    return;
  }
  const [row, column] = focusPlace(), id = `cell-${state.focus.join("-")}`;
  const style = `left:${cellLeft(column) - 2}px;top:${cellTop(row) - 2}px;width:${grid.cell + 4}px;height:${grid.cell + 4}px;outline:2px solid var(--accent);outline-offset:1px`;
  const cell = el("div", {
    id, class: "cell", role: "gridcell", style, "aria-colindex": column + 1, "aria-label": describe(...state.focus),
    "aria-selected": String(sameCell(state.focus, state.pin)),
  });
  cells.replaceChildren(el("div", { role: "row", "aria-rowindex": row + 1 }, cell));
  scroller.setAttribute("aria-activedescendant", id);
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
