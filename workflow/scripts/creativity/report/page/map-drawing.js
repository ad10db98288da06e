// Draws the copy-or-create map: its points once a filter; pointer and rectangle on a second canvas above it.

const pointsCanvas = /** @type {HTMLCanvasElement} */ (inside(map, ".points"));
const overCanvas = /** @type {HTMLCanvasElement} */ (inside(map, ".over"));

function drawMap() {
  [plot.width, plot.height] = [map.clientWidth, map.clientHeight];
  const context = sharp(pointsCanvas, plot.width, plot.height);
  drawFrame(context);
  placePoints();
  drawDensity(context);
  context.fillStyle = ink("--line");
  for (const point of plot.points) if (!point.lit) context.fillRect(point.x - 1, point.y - 1, 2, 2);
  context.globalAlpha = plot.lit.length > 4000 ? 0.5 : 0.72;
  for (const point of plot.points) {
    if (!point.lit) continue;
    context.fillStyle = pointColour(point);
    drawSign(context, point.kind, point.x, point.y, 3.1);
  }
  context.globalAlpha = 1;
}

/** @type {Map<string, string>} */
const colourCache = new Map(); // of families; there are many points

/** @param {Point} point */
function pointColour(point) {
  const run = RUNS[point.index], family = familyOf(run), colour = colourCache.get(family) ?? colourOf(run);
  colourCache.set(family, colour);
  return colour;
}

/**
 * Where all samples of the runs shown are, those that the page does not carry too: the darker the more.
 * @param {CanvasRenderingContext2D} context
 */
function drawDensity(context) {
  const counts = densityOf(RUNS.filter((run, index) => runShown(run, index) && (!state.rows.size || state.rows.has(index))));
  const most = Math.log1p(Math.max(0, ...counts.values())), [side, ofOne] = DATA.squares;
  context.fillStyle = ink("--soft");
  for (const [square, count] of counts) {
    const x = square % side, y = Math.floor(square / side), left = mapX(x / ofOne), bottom = mapY(y / ofOne);
    context.globalAlpha = 0.05 + 0.35 * Math.log1p(count) / most;
    context.fillRect(left, mapY((y + 1) / ofOne), mapX((x + 1) / ofOne) - left, bottom - mapY((y + 1) / ofOne));
  }
  context.globalAlpha = 1;
}

/** All but the points: the band of real images, the scales and what they say. @param {CanvasRenderingContext2D} context */
function drawFrame(context) {
  const { band } = SUBSETS[state.subset] ?? DATA.subsets[0], bottom = plot.height - MARGIN.bottom;
  if (band) {
    context.fillStyle = ink("--raised");
    context.fillRect(MARGIN.left, mapY(band[1]), plotWidth(), mapY(band[0]) - mapY(band[1]));
  }
  context.strokeStyle = ink("--line");
  context.lineWidth = 1;
  context.strokeRect(MARGIN.left + 0.5, MARGIN.top + 0.5, plotWidth() - 1, plotHeight() - 1);
  context.fillStyle = context.strokeStyle = ink("--soft");
  context.font = `11px ${ink("--sans")}`;
  context.textBaseline = "alphabetic";
  drawTicks(context, bottom);
  drawHeldOutLines(context, bottom);
  drawAxisWords(context, bottom);
  if (band && plot.width > 420) {
    context.textAlign = "right";
    context.fillText("where real images lie", plot.width - MARGIN.right - 6, mapY(band[1]) + 13);
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} bottom */
function drawTicks(context, bottom) {
  const wanted = Math.max(3, Math.floor(plot.width / 90)); // to the right; upwards there is less room
  context.textAlign = "center";
  for (const tick of ticksOf(0, plot.x, wanted)) context.fillText(said(tick), mapX(tick), bottom + 14);
  context.textAlign = "right";
  for (const tick of ticksOf(0, plot.y, 5)) context.fillText(said(tick), MARGIN.left - 6, mapY(tick) + 4);
}

/** At 1 on both axes. @param {CanvasRenderingContext2D} context @param {number} bottom */
function drawHeldOutLines(context, bottom) {
  context.setLineDash([3, 3]);
  context.beginPath();
  context.moveTo(mapX(1), MARGIN.top);
  context.lineTo(mapX(1), bottom);
  context.moveTo(MARGIN.left, mapY(1));
  context.lineTo(plot.width - MARGIN.right, mapY(1));
  context.stroke();
  context.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} context @param {number} bottom */
function drawAxisWords(context, bottom) {
  const middle = (MARGIN.left + plot.width - MARGIN.right) / 2;
  context.textAlign = "center";
  context.fillText("distance to the nearest training image (held-out = 1)", middle, plot.height - 5);
  context.save();
  context.translate(12, (MARGIN.top + bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.fillText("denoising error (held-out = 1)", 0, 0);
  context.restore();
}

function drawOver() {
  const context = sharp(overCanvas, plot.width, plot.height), box = plot.drag ?? brushOnMap();
  if (box) drawRectangle(context, box);
  const active = document.activeElement === map || document.activeElement === scroller;
  drawRing(context, state.pin, "--accent", 8);
  drawRing(context, state.hover ?? (active ? state.focus : null), "--ink", 7);
}

/** The rectangle that filters, in pixels. @returns {{ x: Range, y: Range } | null} */
function brushOnMap() {
  if (!state.brush) return null;
  const { x, y } = state.brush;
  return { x: [mapX(Math.max(0, x[0])), mapX(x[1])], y: [mapY(y[1]), mapY(Math.max(0, y[0]))] };
}

/** @param {CanvasRenderingContext2D} context @param {{ x: Range, y: Range }} box */
function drawRectangle(context, box) {
  const left = Math.min(...box.x), top = Math.min(...box.y), width = Math.max(...box.x) - left, height = Math.max(...box.y) - top;
  context.fillStyle = context.strokeStyle = ink("--accent");
  context.globalAlpha = 0.1;
  context.fillRect(left, top, width, height);
  context.globalAlpha = 1;
  context.strokeRect(left, top, width, height);
}

/**
 * A ring about a sample.
 * @param {CanvasRenderingContext2D} context
 * @param {Cell | null} cell
 * @param {string} colour
 * @param {number} radius
 */
function drawRing(context, cell, colour, radius) {
  const at = cell && place(RUNS[cell[0]], cell[1]);
  if (!at) return;
  context.beginPath();
  context.arc(mapX(at[0]), mapY(at[1]), radius, 0, 2 * Math.PI);
  context.strokeStyle = ink(colour);
  context.lineWidth = 2;
  context.stroke();
}

painters.push((keys) => {
  if (touches(keys, "scheme")) colourCache.clear();
  if (touches(keys, ...FILTERS, "size", "scheme")) drawMap();
  drawOver();
});
