// What the mouse and the keyboard do in the same-noise grid.

scroller.addEventListener("mousemove", (event) => {
  const { row, column } = hit(event);
  pointAt(cellAt(row, column));
});
scroller.addEventListener("mouseleave", stopPointing);
scroller.addEventListener("click", (event) => {
  const { row, column } = hit(event);
  if (row === null || column === null) return;
  if (column === -1 && row >= 0) update({ rows: toggled(state.rows, grid.rows[row]) });
  else if (row === -1 && column >= 0) pickColumn(grid.columns[column]);
  else {
    const cell = cellAt(row, column);
    if (cell) pickCell(cell);
  }
});

/** Selects a noise, or shows more or fewer samples of a kind. @param {Column} column */
function pickColumn({ noise, kind }) {
  if (noise === null) update({ deep: toggled(state.deep, kind) });
  else update({ columns: toggled(state.columns, noise) });
}

scroller.addEventListener("scroll", () => requestAnimationFrame(drawGrid), { passive: true });
scroller.addEventListener("focus", () => {
  if (!state.focus && scroller.matches(":focus-visible")) moveTo(0, 0);
});

/** Where a key leads from a row and a column. @type {Record<string, (row: number, column: number) => [number, number]>} */
const MOVES = {
  ArrowRight: (row, column) => [row, column + 1],
  ArrowLeft: (row, column) => [row, column - 1],
  ArrowDown: (row, column) => [row + 1, column],
  ArrowUp: (row, column) => [row - 1, column],
  Home: (row) => [row, 0],
  End: (row) => [row, grid.columns.length - 1],
  PageDown: (row, column) => [row + rowsInView(), column],
  PageUp: (row, column) => [row - rowsInView(), column],
};
/** What the other keys do. @type {Record<string, () => void>} */
const ACTIONS = {
  Enter: pinFocus,
  " ": pinFocus,
  Escape: clearAll,
  r: () => state.focus && update({ rows: toggled(state.rows, state.focus[0]) }),
  c: () => state.focus && update({ columns: toggled(state.columns, noiseOf(state.focus)) }),
};
const rowsInView = () => Math.max(1, Math.floor((scroller.clientHeight - TOP) / grid.height));

scroller.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (MOVES[event.key]) moveTo(...MOVES[event.key](...focusPlace()));
  else if (ACTIONS[event.key]) ACTIONS[event.key]();
  else return;
  event.preventDefault();
});

/** The row and the column of the sample that the keyboard is at. @returns {[number, number]} */
function focusPlace() {
  if (!state.focus) return [0, 0];
  if (sameCell(cellAt(...grid.at), state.focus)) return grid.at;
  const [index, i] = state.focus;
  return [Math.max(0, grid.rows.indexOf(index)), Math.max(0, grid.columns.findIndex((column) => placeIn(index, column) === i))];
}

/**
 * Goes to a row and a column, or next to them; rows without samples are stepped over.
 * @param {number} row
 * @param {number} column
 */
function moveTo(row, column) {
  /** @type {(n: number, size: number) => number} */
  const limited = (n, size) => Math.min(Math.max(n, 0), size - 1);
  const step = row < focusPlace()[0] ? -1 : 1, c = limited(column, grid.columns.length);
  let r = limited(row, grid.rows.length);
  while (r >= 0 && r < grid.rows.length && !cellAt(r, c)) r += step;
  const cell = cellAt(r, c);
  if (!cell) return;
  bringIntoView(cellLeft(c), cellTop(r));
  grid.at = [r, c];
  update({ focus: cell, hover: null });
}

/** Scrolls to the cell whose corner is at (x, y). @param {number} x @param {number} y */
function bringIntoView(x, y) {
  if (x - scroller.scrollLeft < grid.head) scroller.scrollLeft = x - grid.head;
  if (x + grid.pitch - scroller.scrollLeft > scroller.clientWidth) scroller.scrollLeft = x + grid.pitch - scroller.clientWidth;
  if (y - scroller.scrollTop < TOP) scroller.scrollTop = y - TOP;
  if (y + grid.height - scroller.scrollTop > scroller.clientHeight) scroller.scrollTop = y + grid.height - scroller.clientHeight;
}

/** The one cell in the document's tree: the focused one, for eyes and for screen readers. */
function markFocus() {
  const cells = inside(space, ".cells");
  if (!state.focus || !sameCell(cellAt(...focusPlace()), state.focus)) {
    cells.replaceChildren();
    scroller.removeAttribute("aria-activedescendant");
    return;
  }
  const [row, column] = focusPlace(), id = `cell-${state.focus.join("-")}`, size = grid.cell + 4;
  const cell = el("div", {
    id, class: "cell", role: "gridcell", "aria-colindex": column + 1, "aria-label": describe(state.focus),
    "aria-selected": String(sameCell(state.focus, state.pin)),
    style: `left:${cellLeft(column) - 2}px;top:${cellTop(row) - 2}px;width:${size}px;height:${size}px`,
  });
  cells.replaceChildren(el("div", { role: "row", "aria-rowindex": row + 1 }, cell));
  scroller.setAttribute("aria-activedescendant", id);
}
