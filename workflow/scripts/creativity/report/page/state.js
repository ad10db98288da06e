// What is chosen at the moment, and who must draw again when it changes.

/** @type {State} */
const state = {
  subset: DATA.subsets[0].name,
  seed: ALL,
  axis: ALL,
  families: new Set(FAMILY_NAMES),
  classes: new Set(CLASS_NAMES),
  by: DATA.whole ? "noise" : "kind",
  deep: new Set(),
  below: false,
  rows: new Set(),
  columns: new Set(),
  brush: null,
  hover: null,
  pin: null,
  focus: null,
};
const FILTERS = ["subset", "seed", "axis", "families", "classes", "rows", "columns", "brush", "by", "deep"]; // of samples

/** @type {((keys: Set<string>) => void)[]} */
const painters = []; // called with what has changed
/** @type {Set<string>} */
let changed = new Set();
let due = false;

/** Takes a change over; all changes up to the next frame are drawn at once. @param {Change} change */
function update(change) {
  Object.assign(state, change);
  for (const key of Object.keys(change)) changed.add(key);
  if (!due) requestAnimationFrame(paint);
  due = true;
}

function paint() {
  const keys = changed;
  changed = new Set();
  due = false;
  for (const painter of painters) painter(keys);
}

/** @type {(keys: Set<string>, ...names: string[]) => boolean} */
const touches = (keys, ...names) => names.some((name) => keys.has(name));
