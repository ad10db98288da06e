// How numbers, counts and names of measures are written on the page.

/** A number to a few digits, or whatever else stands in its place. @param {unknown} value */
function said(value, digits = 3) {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return String(value);
  if (Number.isInteger(value)) return value.toLocaleString("en");
  const size = Math.abs(value);
  return size >= 1e5 || size < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(digits)));
}

/** @type {(value: number | null | undefined) => string} */
const percent = (value) => (value === null || value === undefined ? "–" : `${Math.round(100 * value)} %`);

/** @type {(count: number, one: string, many: string) => string} */
const plural = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** @type {(value: unknown, low: unknown, high: unknown) => string} */
const withInterval = (value, low, high) => `${said(value)} [${said(low)}, ${said(high)}]`;

/** @type {(measure: string) => string} */
const measureWords = (measure) => DATA.words[measure] ?? measure.replaceAll("_", " ");

/** What "name:space" is called. @type {(name: string) => string} */
const measureLabel = (name) => {
  const [measure, space] = name.split(":");
  return measureWords(measure) + (space === "pixel" ? "" : ` (${space === "pca" ? "PCA" : space})`);
};
