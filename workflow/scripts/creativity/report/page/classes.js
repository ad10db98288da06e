// The sign of each class of samples, for the canvas of the map and for the filters.

const OUTLINES = new Map(DATA.classes.map((kind) => [kind.name, new Path2D(kind.shape)]));
const DOT = new Path2D(); // of a sample whose class nobody knows
DOT.arc(0, 0, 0.95, 0, 2 * Math.PI);

/**
 * Draws the sign of a class about (x, y), with radius r.
 * @param {CanvasRenderingContext2D} context
 * @param {string | null} name
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
function drawSign(context, name, x, y, r) {
  context.save();
  context.translate(x, y);
  context.scale(r, r);
  context.fill((name && OUTLINES.get(name)) || DOT);
  context.restore();
}

/** The sign of a class as an element; an empty one for a class that nobody knows. @param {string} name */
function signOf(name, size = 12) {
  const shape = DATA.classes.find((kind) => kind.name === name)?.shape ?? "";
  const attributes = { width: size, height: size, viewBox: "-1.2 -1.2 2.4 2.4", "aria-hidden": "true" };
  return svg("svg", attributes, svg("path", { d: shape, fill: "currentColor" }));
}

/** How dark a class is in a bar of class shares. @param {string} name */
const shadeOf = (name) => DATA.classes.find((kind) => kind.name === name)?.shade;
