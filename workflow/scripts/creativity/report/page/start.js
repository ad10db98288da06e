// Draws the page for the first time, and again where its size or its colours change.

function start() {
  paintColours();
  drawNotices();
  drawFilters();
  drawRanges();
  drawAxisForm();
  find("axes").hidden = !DATA.axes.length;
  scaleMap();
  layGrid();
  const first = RUNS.findIndex((run, index) => runShown(run, index) && run.kind !== "control" && run.samples);
  if (first >= 0) state.focus = [first, (DATA.whole ? null : RUNS[first].kinds.nearest?.[0]) ?? 0];
  update({ pin: null, subset: state.subset, size: true });
  paint(); // all that depends on what is chosen, once
  for (const run of RUNS) loadSheet(run.sheet);
  for (const subset of DATA.subsets) loadSheet(subset.train);
  drawTables();
  drawHead();
  watch();
  document.body.dataset.ready = "true";
}

function watch() {
  new ResizeObserver(() => update({ size: true })).observe(find("explorer"));
  DARK.addEventListener("change", () => {
    paintColours();
    update({ scheme: true, size: true });
  });
  addEventListener("beforeprint", () => printGrid(true));
  addEventListener("afterprint", () => printGrid(false));
}

/** Paper shows all rows of the grid, the screen those in view. @param {boolean} printing */
function printGrid(printing) {
  grid.printing = printing;
  drawGrid();
}

start();
