// Small charts as SVG: a frame with scales and ticks, and lines in it.

/** Round numbers between two others. @param {number} low @param {number} high */
function ticksOf(low, high, wanted = 5) {
  if (!(high > low)) return [low];
  const raw = (high - low) / wanted, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((size) => size >= raw) ?? raw;
  const ticks = [], beyond = high + step * 1e-9;
  for (let at = Math.ceil(low / step - 1e-9); at * step <= beyond; at++) ticks.push(Number((at * step).toPrecision(12)));
  return ticks;
}

/** Powers of ten between two numbers; these two where there is at most one. @param {number} low @param {number} high */
function logTicks(low, high) {
  const ticks = [];
  for (let power = Math.ceil(Math.log10(low) - 1e-9); 10 ** power <= high * (1 + 1e-9); power++) {
    ticks.push(Number((10 ** power).toPrecision(6)));
  }
  return ticks.length > 1 ? ticks : [low, high].map((end) => Number(end.toPrecision(2)));
}

/** @param {Scale} axis @param {number} from @param {number} to @returns {(at: number) => number} */
function scaleOf(axis, from, to) {
  const flat = axis.log ? Math.log : (/** @type {number} */ at) => at;
  const [low, high] = axis.domain.map((end) => flat(end)), reach = high - low || 1;
  return (at) => from + ((flat(at) - low) / reach) * (to - from);
}

/** @param {string} label @param {Scale} xAxis @param {Scale} yAxis @returns {Chart} */
function chart(label, xAxis, yAxis, width = 290, height = 180) {
  const box = { left: 44, right: width - 12, top: 10, bottom: height - 34 };
  const x = scaleOf(xAxis, box.left, box.right), y = scaleOf(yAxis, box.bottom, box.top);
  const drawn = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  /** @type {(axis: Scale, wanted: number) => number[]} */
  const ticks = (axis, wanted) => axis.ticks ?? (axis.log ? logTicks(...axis.domain) : ticksOf(...axis.domain, wanted));
  for (const tick of ticks(yAxis, 4)) {
    drawn.append(svg("line", { class: "rule", x1: box.left, x2: box.right, y1: y(tick), y2: y(tick) }));
    drawn.append(svg("text", { x: box.left - 6, y: y(tick) + 4, "text-anchor": "end" }, said(tick)));
  }
  let last = -Infinity;
  for (const tick of ticks(xAxis, 5)) {
    if (x(tick) - last < 24) continue;
    last = x(tick);
    drawn.append(svg("text", { x: last, y: box.bottom + 15, "text-anchor": "middle" }, said(tick)));
  }
  drawn.append(svg("text", { x: (box.left + box.right) / 2, y: height - 3, "text-anchor": "middle" }, xAxis.label));
  return { svg: drawn, x, y, box };
}

/** @type {(points: [number, number][]) => string} */
const pathOf = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");

/** @type {(points: [number, number][], colour: string, dash?: string) => SVGPathElement} */
const line = (points, colour, dash) =>
  svg("path", { d: pathOf(points), fill: "none", style: `stroke:${colour}`, "stroke-width": 1.8, "stroke-dasharray": dash });

/** A grey line across a chart. @type {(drawn: Chart, at: number) => SVGLineElement} */
const level = ({ box, y }, at) => svg("line", { class: "control", x1: box.left, x2: box.right, y1: y(at), y2: y(at) });

/** From the least of some values to the largest, and a little more. @param {(number | null)[]} values @returns {Range} */
function extent(values, pad = 0.06) {
  const known = values.filter((value) => value !== null).filter((value) => Number.isFinite(value));
  if (!known.length) return [0, 1];
  const low = Math.min(...known), high = Math.max(...known), reach = high - low || Math.abs(high) || 1;
  return [low - pad * reach, high + pad * reach];
}

/** A chart under its title, and a note below it. @type {(title: string, drawn: Element, note?: Child) => HTMLElement} */
const panelOf = (title, drawn, note) =>
  el("div", { class: "panel" }, el("h3", {}, title), drawn, note ? el("p", { class: "keys" }, note) : null);
