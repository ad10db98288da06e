// What the pointer and the keyboard do on the copy-or-create map.

/** @param {PointerEvent} event @returns {[number, number]} */
function mapPlace(event) {
  const box = map.getBoundingClientRect();
  return [event.clientX - box.left - map.clientLeft, event.clientY - box.top - map.clientTop];
}

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
  } else pointAt(pointNear(x, y));
});
map.addEventListener("pointerup", (event) => {
  const drag = plot.drag;
  plot.drag = null;
  if (!drag) return;
  if (Math.hypot(drag.x[1] - drag.x[0], drag.y[1] - drag.y[0]) >= 6) {
    update({ brush: brushOf(drag), hover: null });
    return;
  }
  const cell = pointNear(...mapPlace(event));
  if (cell) pickCell(cell);
  else update({ brush: null });
});
map.addEventListener("pointercancel", () => {
  plot.drag = null;
  drawOver();
});
map.addEventListener("pointerleave", () => {
  if (!plot.drag) stopPointing();
});

/** The ranges that a rectangle in pixels stands for. @param {{ x: Range, y: Range }} drag */
function brushOf(drag) {
  /** @type {(values: number[], border: number) => Range} */
  const range = (values, border) => {
    const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => Number(value.toFixed(3)));
    return [low, high >= border ? Infinity : high]; // the border holds what lies beyond it
  };
  return { x: range(drag.x.map(unX), plot.x), y: range(drag.y.map(unY), plot.y) };
}

map.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step && plot.lit.length) stepTo(step);
  else if (event.key === "Enter" || event.key === " ") pinFocus();
  else if (event.key === "Escape") clearAll();
  else return;
  event.preventDefault();
});

/** Goes to the next selected sample to the right, or to the left, and says which it is. @param {number} step */
function stepTo(step) {
  const { focus } = state, help = find("map-help");
  const at = focus ? plot.lit.findIndex((point) => sameCell([point.index, point.i], focus)) : -1;
  const next = plot.lit[at < 0 ? 0 : Math.min(Math.max(at + step, 0), plot.lit.length - 1)];
  update({ focus: [next.index, next.i], hover: null });
  help.setAttribute("aria-live", "polite");
  help.textContent = describe([next.index, next.i]);
}

for (const name of ["focus", "blur"]) map.addEventListener(name, () => drawOver());
