// Pointing at samples, keeping one and selecting rows and columns, alike in the grid, on the map and in the detail.

/** @type {(a: Cell | null, b: Cell | null) => boolean} */
const sameCell = (a, b) => a === b || (a !== null && b !== null && a[0] === b[0] && a[1] === b[1]);

/**
 * A set with an item more, or less where it was there.
 * @template T
 * @param {Set<T>} set
 * @param {T} item
 */
function toggled(set, item) {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

/** The sample that is looked at. */
const lookedAt = () => state.hover ?? state.pin ?? state.focus;

/** @param {Cell | null} cell */
function pointAt(cell) {
  if (!sameCell(cell, state.hover)) update({ hover: cell });
}

/** The sample that was pointed at stays in sight, to be looked at closely. */
function stopPointing() {
  if (state.hover) update({ hover: null, focus: state.hover });
}

/** Keeps a sample, or lets it go. @param {Cell} cell */
function pickCell(cell) {
  update({ pin: sameCell(cell, state.pin) ? null : cell, focus: cell, hover: null });
}

function pinFocus() {
  if (state.focus) update({ pin: sameCell(state.focus, state.pin) ? null : state.focus });
}
