// The rectangle on the map as four numbers, which can be typed as well.

function drawRanges() {
  find("ranges").replaceChildren(rangeOf("x", "nearest training image"), rangeOf("y", "5th real image"));
}

/** @param {"x" | "y"} axis @param {string} words */
function rangeOf(axis, words) {
  const [low, high] = state.brush ? state.brush[axis] : [NaN, NaN];
  return el("fieldset", {}, el("legend", {}, words),
    rangeEnd(`${axis}0`, low, `${words}: from`), "to", rangeEnd(`${axis}1`, high, `${words}: to`));
}

/** An end of a range; empty where it is open. @param {string} where @param {number} end @param {string} label */
function rangeEnd(where, end, label) {
  const input = el("input", { type: "number", min: 0, step: "0.05", "aria-label": label, onchange: readRanges });
  input.value = Number.isFinite(end) ? String(end) : "";
  input.dataset.place = where;
  return input;
}

function readRanges() {
  /** @type {(where: string, otherwise: number) => number} */
  const read = (where, otherwise) => {
    const text = /** @type {HTMLInputElement} */ (inside(find("ranges"), `[data-place=${where}]`)).value;
    return text === "" ? otherwise : Number(text);
  };
  /** @type {{ x: Range, y: Range }} */
  const brush = { x: [read("x0", 0), read("x1", Infinity)], y: [read("y0", 0), read("y1", Infinity)] };
  const open = brush.x[0] === 0 && brush.y[0] === 0 && brush.x[1] === Infinity && brush.y[1] === Infinity;
  update({ brush: open ? null : brush });
}

painters.push((keys) => {
  if (touches(keys, "brush")) drawRanges();
});
