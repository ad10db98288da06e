// What is shown: the data, the filters and selections, and who must draw again when they change.

const DATA = JSON.parse(document.getElementById("data").textContent);
const RUNS = DATA.runs;
const SUBSETS = Object.fromEntries(DATA.subsets.map((subset) => [subset.name, subset]));
const SEEDS = [...new Set(RUNS.filter((run) => run.kind === "trained").map((run) => run.seed))].sort((a, b) => a - b);
const DARK = matchMedia("(prefers-color-scheme: dark)");
const FAMILY_COLOURS = Object.fromEntries(DATA.families.map((family) => [family.name, family.colour]));
const ALL = "all";
const SHADES = { copy: 0.95, mosaic: 0.62, "novel real": 0.36, "novel unreal": 0.16 }; // of the bars of class shares

const state = {
  subset: DATA.subsets[0].name, // or ALL
  seed: ALL,
  axis: ALL,
  families: new Set(DATA.families.map((family) => family.name)),
  classes: new Set(DATA.classes),
  below: false, // the nearest training image under each sample
  rows: new Set(), // runs selected in the grid, by index
  columns: new Set(), // noises selected in the grid
  brush: null, // a rectangle on the map: {x: [low, high], y: [low, high]}
  hover: null, // a sample: [run, noise]
  pin: null,
  focus: null,
};
const painters = []; // functions of the set of changed keys
let changed = new Set(), due = false;

function update(change) {
  for (const [key, value] of Object.entries(change)) {
    state[key] = value;
    changed.add(key);
  }
  if (!due) requestAnimationFrame(paint);
  due = true;
}

function paint() {
  const keys = changed;
  changed = new Set();
  due = false;
  for (const painter of painters) painter(keys);
}

const touches = (keys, ...names) => names.some((name) => keys.has(name));
const FILTERS = ["subset", "seed", "axis", "families", "classes", "rows", "columns", "brush"];

// Elements. Text is always set as text, never as markup: names are the user's own.
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") element.style.cssText = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}
const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
const find = (id) => document.getElementById(id);

function said(value, digits = 3) {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return String(value);
  if (Number.isInteger(value)) return value.toLocaleString("en");
  const size = Math.abs(value);
  return size >= 1e5 || size < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(digits)));
}
const percent = (value) => (value === null || value === undefined ? "–" : `${Math.round(100 * value)} %`);
const plural = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

const familyOf = (run) => (run.kind === "control" ? "control" : run.family);
const cssName = (family) => `--family-${family.replace(/[^a-z0-9-]/gi, "")}`;
const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// A colour that stays legible on the page's ground: dark ones are mixed with white where the ground is dark.
function legible(colour) {
  const parts = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
  const light = (0.3 * parts[0] + 0.6 * parts[1] + 0.1 * parts[2]) / 255;
  const part = DARK.matches ? Math.max(0, 0.62 - light) : Math.max(0, light - 0.72);
  const towards = DARK.matches ? 255 : 0;
  return `rgb(${parts.map((value) => Math.round(value + part * (towards - value))).join(" ")})`;
}

function paintColours() {
  for (const family of DATA.families) document.documentElement.style.setProperty(cssName(family.name), legible(family.colour));
}
const colourOf = (run) => legible(FAMILY_COLOURS[familyOf(run)]);
const cssColour = (run) => `var(${cssName(familyOf(run))})`;

// Which samples are shown.
const count = (run) => run.samples;
const value = (run, name, i) => run.values[name]?.[i] ?? null;
const measured = (run, name) => run.measures[name]?.[0] ?? null;

function place(run, i) {
  const scales = SUBSETS[run.subset];
  const d1 = value(run, "nearest_distance", i);
  const reference = value(run, "reference_distance", i);
  return d1 === null || reference === null || !scales.novelty ? null : [d1 / scales.novelty, reference / scales.realism];
}

function runShown(run, index) {
  if (state.subset !== ALL && run.subset !== state.subset) return false;
  if (state.seed !== ALL && run.kind === "trained" && run.seed !== state.seed) return false;
  if (!state.families.has(familyOf(run))) return false;
  if (state.axis === ALL || run.kind === "control") return true;
  return DATA.axes.find((axis) => axis.name === state.axis).points.some((point) => point[0] === index);
}

const within = (value, [low, high]) => value >= low && value <= high;
const narrowed = () => state.brush !== null || state.classes.size < DATA.classes.length;

function passes(run, i) {
  if (state.classes.size < DATA.classes.length && !state.classes.has(run.class[i])) return false;
  if (!state.brush) return true;
  const at = place(run, i);
  return at !== null && within(at[0], state.brush.x) && within(at[1], state.brush.y);
}

const chosen = (index, i) =>
  (!state.rows.size || state.rows.has(index)) && (!state.columns.size || state.columns.has(i)) && passes(RUNS[index], i);

// The rows and columns of the grid: a run without any sample stands there all the same, unless samples are being chosen.
function shownCells() {
  const rows = [], columns = new Set();
  RUNS.forEach((run, index) => {
    if (!runShown(run, index)) return;
    let any = !narrowed();
    for (let i = 0; i < count(run); i++) {
      if (passes(run, i)) { any = true; columns.add(i); }
    }
    if (any) rows.push(index);
  });
  return { rows, columns: [...columns].sort((a, b) => a - b) };
}

function describe(index, i) {
  const run = RUNS[index];
  const near = run.near[i];
  const nearest = near ? `, nearest training image ${SUBSETS[run.subset].ids[near[0][0]]} at ${said(near[1][0])}` : "";
  return `${nameOf(run)}, noise ${i}: ${run.class[i] ?? "not measured"}${nearest}`;
}

function nameOf(run) {
  const parts = [run.denoiser];
  if (DATA.subsets.length > 1) parts.push(run.subset);
  if (SEEDS.length > 1 && run.kind === "trained") parts.push(`seed ${run.seed}`);
  return parts.join(" · ");
}

// Pictures, cut from contact sheets.
const sheets = new Map();
function loadSheet(sheet) {
  if (!sheet.uri || sheets.has(sheet)) return;
  sheets.set(sheet, null);
  const image = new Image();
  image.src = sheet.uri;
  image.decode().then(() => {
    sheets.set(sheet, image);
    update({ pictures: true });
  });
}

function drawPicture(context, sheet, i, x, y, size, mirrored = false) {
  const image = sheets.get(sheet);
  if (!image) return false;
  const side = sheet.side;
  context.save();
  context.imageSmoothingEnabled = size * devicePixelRatio < side;
  if (mirrored) {
    context.translate(2 * x + size, 0);
    context.scale(-1, 1);
  }
  context.drawImage(image, (i % sheet.columns) * side, Math.floor(i / sheet.columns) * side, side, side, x, y, size, size);
  context.restore();
  return true;
}

// A canvas whose units are CSS pixels, sharp on every screen.
function sharp(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  const w = Math.max(1, Math.round(width * ratio)), h = Math.max(1, Math.round(height * ratio));
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

// The shape of a class, about (x, y) with radius r.
function glyph(context, name, x, y, r) {
  context.beginPath();
  if (name === "copy") context.rect(x - r * 0.9, y - r * 0.9, 1.8 * r, 1.8 * r);
  else if (name === "mosaic") {
    for (const [dx, dy, w, h] of [[-r, -r * 0.36, 2 * r, r * 0.72], [-r * 0.36, -r, r * 0.72, 2 * r]]) context.rect(x + dx, y + dy, w, h);
  } else if (name === "novel unreal") {
    context.moveTo(x, y - r);
    context.lineTo(x + r, y + r * 0.8);
    context.lineTo(x - r, y + r * 0.8);
    context.closePath();
  } else context.arc(x, y, r * 0.95, 0, 2 * Math.PI);
  context.fill();
}

function glyphSvg(name, size = 12) {
  const paths = {
    copy: "M2 2H10V10H2Z",
    mosaic: "M1 4.4H4.4V1H7.6V4.4H11V7.6H7.6V11H4.4V7.6H1Z",
    "novel unreal": "M6 1L11 10H1Z",
    "novel real": "M6 1.4A4.6 4.6 0 1 1 5.99 1.4Z",
  };
  return svg("svg", { width: size, height: size, viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("path", { d: paths[name] ?? "", fill: "currentColor" }));
}
