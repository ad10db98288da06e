// The colours of the page's style and of the families, legible on a light ground and on a dark one.

const DARK = matchMedia("(prefers-color-scheme: dark)");
const FAMILY_COLOURS = Object.fromEntries(DATA.families.map((family) => [family.name, family.colour]));

/** The value of a property of the page's style, such as "--ink". @type {(name: string) => string} */
const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** @type {(run: Run) => string} */
const familyOf = (run) => (run.kind === "control" ? "control" : run.family);

/** @type {(family: string) => string} */
const cssName = (family) => `--family-${family.replace(/[^a-z0-9-]/gi, "")}`;

/** The colour of a run's family, for an element. @type {(run: Run) => string} */
const cssColour = (run) => `var(${cssName(familyOf(run))})`;

/** The same, for a canvas. @type {(run: Run) => string} */
const colourOf = (run) => legible(FAMILY_COLOURS[familyOf(run)]);

/** A colour that stays legible: mixed with white on a dark ground, with black on a light one. @param {string} colour */
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
