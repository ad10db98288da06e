// The same-noise grid, a row a denoiser and a column a noise: its sizes, and where in it everything is.

const GAP = 4, TOP = 22;
const scroller = find("grid"), space = inside(scroller, ".space");
const grid = {
  rows: /** @type {number[]} */ ([]), // runs, by index
  columns: /** @type {Column[]} */ ([]),
  at: /** @type {[number, number]} */ ([0, 0]), // the row and column of the focus: one sample may be of several kinds
  cell: 48, pitch: 52, height: 52, head: 184, printing: false,
};

function measureGrid() {
  const narrow = scroller.clientWidth < 500, side = Math.min(DATA.dataset.size, 96), aim = narrow ? 38 : 48;
  grid.cell = side >= aim ? Math.min(side, 64) : side * Math.max(1, Math.round(aim / side));
  grid.pitch = grid.cell + GAP;
  grid.head = narrow ? 118 : 190;
  grid.height = Math.max(state.below ? 2 * grid.cell + 2 + GAP * 2 : grid.pitch, 50);
}

function layGrid() {
  measureGrid();
  Object.assign(grid, shownCells());
  space.style.width = `${grid.head + grid.columns.length * grid.pitch + GAP}px`;
  space.style.height = `${TOP + grid.rows.length * grid.height + GAP}px`;
  Object.assign(scroller.dataset, { cell: grid.cell, pitch: grid.pitch, height: grid.height, head: grid.head, top: TOP });
  scroller.setAttribute("aria-rowcount", String(grid.rows.length));
  scroller.setAttribute("aria-colcount", String(grid.columns.length));
}

/** @type {(column: number) => number} */
const cellLeft = (column) => grid.head + column * grid.pitch;

/** @type {(row: number) => number} */
const cellTop = (row) => TOP + row * grid.height + GAP / 2;

/** The sample in a row and a column. @param {number | null} row @param {number | null} column @returns {Cell | null} */
function cellAt(row, column) {
  if (row === null || column === null || row < 0 || column < 0) return null;
  if (row >= grid.rows.length || column >= grid.columns.length) return null;
  const index = grid.rows[row], i = placeIn(index, grid.columns[column]);
  return i === undefined ? null : [index, i];
}

/** Where the pointer is: -1 is a row's head or a column's number, null is nowhere. @param {MouseEvent} event */
function hit(event) {
  const box = scroller.getBoundingClientRect();
  const x = event.clientX - box.left - scroller.clientLeft, y = event.clientY - box.top - scroller.clientTop;
  const row = y < TOP ? -1 : Math.floor((y - TOP + scroller.scrollTop) / grid.height);
  const column = x < grid.head ? -1 : Math.floor((x - grid.head + scroller.scrollLeft) / grid.pitch);
  return { row: row < grid.rows.length ? row : null, column: column < grid.columns.length ? column : null };
}
