// The copy-or-create map: a point a sample, drawn once a filter; pointer and rectangle on a second canvas above it.

const map = find("map"), pointsCanvas = map.querySelector(".points"), overCanvas = map.querySelector(".over");
const MARGIN = { left: 46, right: 12, top: 10, bottom: 34 };
const plot = { points: [], lit: [], width: 0, height: 0, x: 2, y: 2, drag: null };

function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 1;
}

// Scales hold for all samples, so that a filter moves no point. Far outliers stand at the border.
function scaleMap() {
  const places = RUNS.flatMap((run) => Array.from({ length: count(run) }, (_, i) => place(run, i))).filter(Boolean);
  const ends = (axis) => Math.max(1.5, Math.min(quantile(places.map((at) => at[axis]), 1), 1.5 * quantile(places.map((at) => at[axis]), 0.99)));
  [plot.x, plot.y] = [ends(0) * 1.04, ends(1) * 1.04];
}
const mapX = (value) => MARGIN.left + (Math.min(value, plot.x) / plot.x) * (plot.width - MARGIN.left - MARGIN.right);
const mapY = (value) => plot.height - MARGIN.bottom - (Math.min(value, plot.y) / plot.y) * (plot.height - MARGIN.top - MARGIN.bottom);
const unX = (x) => ((x - MARGIN.left) / (plot.width - MARGIN.left - MARGIN.right)) * plot.x;
const unY = (y) => ((plot.height - MARGIN.bottom - y) / (plot.height - MARGIN.top - MARGIN.bottom)) * plot.y;

function drawMap() {
  [plot.width, plot.height] = [map.clientWidth, map.clientHeight];
  const context = sharp(pointsCanvas, plot.width, plot.height);
  drawFrame(context);
  plot.points = [];
  RUNS.forEach((run, index) => {
    if (!runShown(run, index)) return;
    for (let i = 0; i < count(run); i++) {
      const at = place(run, i);
      if (at) plot.points.push({ index, i, x: mapX(at[0]), y: mapY(at[1]), lit: chosen(index, i), kind: run.class[i] });
    }
  });
  plot.lit = plot.points.filter((point) => point.lit).sort((a, b) => a.x - b.x);
  context.fillStyle = ink("--line");
  for (const point of plot.points) if (!point.lit) context.fillRect(point.x - 1, point.y - 1, 2, 2);
  context.globalAlpha = plot.lit.length > 4000 ? 0.5 : 0.72;
  for (const point of plot.points) {
    if (!point.lit) continue;
    context.fillStyle = pointColour(point);
    glyph(context, point.kind, point.x, point.y, 3.1);
  }
  context.globalAlpha = 1;
}

const colourCache = new Map();
function pointColour(point) {
  const family = familyOf(RUNS[point.index]);
  if (!colourCache.has(family)) colourCache.set(family, colourOf(RUNS[point.index]));
  return colourCache.get(family);
}

function drawFrame(context) {
  const soft = ink("--soft"), band = (SUBSETS[state.subset] ?? DATA.subsets[0]).band, bottom = plot.height - MARGIN.bottom;
  if (band) {
    context.fillStyle = ink("--raised");
    context.fillRect(MARGIN.left, mapY(band[1]), plot.width - MARGIN.left - MARGIN.right, mapY(band[0]) - mapY(band[1]));
  }
  context.strokeStyle = ink("--line");
  context.lineWidth = 1;
  context.strokeRect(MARGIN.left + 0.5, MARGIN.top + 0.5, plot.width - MARGIN.left - MARGIN.right - 1, bottom - MARGIN.top - 1);
  context.fillStyle = soft;
  context.font = `11px ${ink("--sans")}`;
  context.textBaseline = "alphabetic";
  for (const tick of ticksOf(0, plot.x, Math.max(3, Math.floor(plot.width / 90)))) {
    context.textAlign = "center";
    context.fillText(said(tick), mapX(tick), bottom + 14);
  }
  for (const tick of ticksOf(0, plot.y, 5)) {
    context.textAlign = "right";
    context.fillText(said(tick), MARGIN.left - 6, mapY(tick) + 4);
  }
  context.strokeStyle = soft;
  context.setLineDash([3, 3]);
  context.beginPath();
  context.moveTo(mapX(1), MARGIN.top);
  context.lineTo(mapX(1), bottom);
  context.moveTo(MARGIN.left, mapY(1));
  context.lineTo(plot.width - MARGIN.right, mapY(1));
  context.stroke();
  context.setLineDash([]);
  context.textAlign = "center";
  context.fillText("distance to the nearest training image (held-out = 1)", (MARGIN.left + plot.width - MARGIN.right) / 2, plot.height - 5);
  context.save();
  context.translate(12, (MARGIN.top + bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.fillText("to the 5th real image (held-out = 1)", 0, 0);
  context.restore();
  if (band && plot.width > 420) {
    context.textAlign = "right";
    context.fillText("where real images lie", plot.width - MARGIN.right - 6, mapY(band[1]) + 13);
  }
}

function drawOver() {
  const context = sharp(overCanvas, plot.width, plot.height);
  const box = plot.drag ?? (state.brush && {
    x: [mapX(Math.max(0, state.brush.x[0])), mapX(state.brush.x[1])], y: [mapY(state.brush.y[1]), mapY(Math.max(0, state.brush.y[0]))],
  });
  if (box) {
    const [left, right] = [Math.min(...box.x), Math.max(...box.x)], [top, bottom] = [Math.min(...box.y), Math.max(...box.y)];
    context.fillStyle = ink("--accent");
    context.globalAlpha = 0.1;
    context.fillRect(left, top, right - left, bottom - top);
    context.globalAlpha = 1;
    context.strokeStyle = ink("--accent");
    context.strokeRect(left, top, right - left, bottom - top);
  }
  for (const [cell, colour, radius] of [[state.pin, "--accent", 8], [state.hover ?? (document.activeElement === map || document.activeElement === scroller ? state.focus : null), "--ink", 7]]) {
    const at = cell && place(RUNS[cell[0]], cell[1]);
    if (!at) continue;
    context.beginPath();
    context.arc(mapX(at[0]), mapY(at[1]), radius, 0, 2 * Math.PI);
    context.strokeStyle = ink(colour);
    context.lineWidth = 2;
    context.stroke();
  }
}

function pointNear(x, y) {
  let best = null, least = 12 ** 2;
  for (const point of plot.lit) {
    const distance = (point.x - x) ** 2 + (point.y - y) ** 2;
    if (distance < least) [best, least] = [point, distance];
  }
  return best && [best.index, best.i];
}

const mapPlace = (event) => {
  const box = map.getBoundingClientRect();
  return [event.clientX - box.left - map.clientLeft, event.clientY - box.top - map.clientTop];
};
map.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  const [x, y] = mapPlace(event);
  plot.drag = { x: [x, x], y: [y, y] };
  map.setPointerCapture(event.pointerId);
});
map.addEventListener("pointermove", (event) => {
  const [x, y] = mapPlace(event);
  if (plot.drag) {
    plot.drag.x[1] = x;
    plot.drag.y[1] = y;
    drawOver();
    return;
  }
  const cell = pointNear(x, y);
  if (!sameCell(cell, state.hover)) update({ hover: cell });
});
map.addEventListener("pointerup", (event) => {
  const drag = plot.drag;
  plot.drag = null;
  if (!drag) return;
  if (Math.hypot(drag.x[1] - drag.x[0], drag.y[1] - drag.y[0]) < 6) {
    const cell = pointNear(...mapPlace(event));
    if (cell) update({ pin: sameCell(cell, state.pin) ? null : cell, focus: cell, hover: null });
    else update({ brush: null });
    return;
  }
  const ends = (values) => [Math.min(...values), Math.max(...values)].map((each) => Number(each.toFixed(3)));
  const brush = { x: ends(drag.x.map(unX)), y: ends(drag.y.map(unY)) };
  if (brush.x[1] >= plot.x) brush.x[1] = Infinity; // the border holds what lies beyond it
  if (brush.y[1] >= plot.y) brush.y[1] = Infinity;
  update({ brush, hover: null });
});
map.addEventListener("pointercancel", () => { plot.drag = null; drawOver(); });
map.addEventListener("pointerleave", () => !plot.drag && left());
map.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step && plot.lit.length) {
    const at = state.focus ? plot.lit.findIndex((point) => point.index === state.focus[0] && point.i === state.focus[1]) : -1;
    const next = plot.lit[at < 0 ? 0 : Math.min(Math.max(at + step, 0), plot.lit.length - 1)];
    update({ focus: [next.index, next.i], hover: null });
    find("map-help").setAttribute("aria-live", "polite");
    find("map-help").textContent = describe(next.index, next.i);
  } else if (event.key === "Enter" || event.key === " ") pinFocus();
  else if (event.key === "Escape") clearAll();
  else return;
  event.preventDefault();
});
for (const name of ["focus", "blur"]) map.addEventListener(name, () => drawOver());

painters.push((keys) => {
  if (touches(keys, "scheme")) colourCache.clear();
  if (touches(keys, ...FILTERS, "size", "scheme")) drawMap();
  drawOver();
});
