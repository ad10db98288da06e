// A table whose headings sort its rows; of a long one the first rows, until all are asked for.

const ROWS_AT_FIRST = 100;

/**
 * @param {string[]} columns
 * @param {Value[][]} rows
 * @param {string} caption
 * @param {(row: Value[]) => boolean} bad  which rows are marked
 */
function tableOf(columns, rows, caption, bad = () => false) {
  const body = el("tbody", {}), numeric = columns.map((_, i) => isNumeric(rows, i));
  const long = columns.map((_, i) => rows.some((row) => String(row[i] ?? "").length > 36));
  let most = ROWS_AT_FIRST, ordered = rows;
  const write = () => body.replaceChildren(...ordered.slice(0, most).map((row) =>
    el("tr", { class: bad(row) ? "bad" : null }, row.map((value, i) =>
      el("td", { class: numeric[i] ? "num" : long[i] ? "text" : null }, cellText(value))))));
  /** @type {HTMLElement[]} */
  const heads = columns.map((name, i) => {
    const sort = () => {
      ordered = sortedBy(rows, i, turnHead(heads, i));
      write();
    };
    return el("th", { scope: "col", class: numeric[i] ? "num" : null }, el("button", { type: "button", onclick: sort }, name));
  });
  const showAll = (/** @type {Event} */ event) => {
    most = Infinity;
    write();
    /** @type {Element} */ (event.currentTarget).remove();
  };
  write();
  const table = el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    el("table", {}, el("caption", {}, caption), el("thead", {}, el("tr", {}, heads)), body));
  if (rows.length <= most) return table;
  const words = `Shown: ${most} of ${rows.length} rows; show all`;
  return el("div", {}, table, el("button", { type: "button", onclick: showAll }, words));
}

/** Whether a column holds nothing but numbers, and one at least. @param {Value[][]} rows @param {number} i */
function isNumeric(rows, i) {
  const known = rows.map((row) => row[i]).filter((value) => value !== null);
  return known.length > 0 && known.every((value) => typeof value === "number");
}

/** @param {Value} value */
function cellText(value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return said(value, 4);
}

/** Marks the heading that sorts; its direction is 1 for up, -1 for down. @param {HTMLElement[]} heads @param {number} i */
function turnHead(heads, i) {
  const down = heads[i].getAttribute("aria-sort") === "ascending";
  for (const head of heads) head.removeAttribute("aria-sort");
  heads[i].setAttribute("aria-sort", down ? "descending" : "ascending");
  return down ? -1 : 1;
}

/** @type {(rows: Value[][], i: number, sign: number) => Value[][]} */
const sortedBy = (rows, i, sign) => [...rows].sort((a, b) => sign * compareCells(a[i], b[i]));

/** @param {Value} a @param {Value} b */
function compareCells(a, b) {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
}
