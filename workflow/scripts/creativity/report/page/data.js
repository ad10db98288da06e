// The data that the page carries, and lists of what is in it.

/** @type {Payload} */
const DATA = JSON.parse(find("data").textContent ?? "");
const RUNS = DATA.runs;
/** @type {Record<string, Subset>} */
const SUBSETS = Object.fromEntries(DATA.subsets.map((subset) => [subset.name, subset]));
const SEEDS = [...new Set(RUNS.filter((run) => run.kind === "trained").map((run) => run.seed))].sort((a, b) => a - b);
const FAMILY_NAMES = DATA.families.map((family) => family.name);
const CLASS_NAMES = DATA.classes.map((kind) => kind.name);
const KINDS = DATA.kinds.map((kind) => kind.name);
/** Where the sample of a noise stands among those of a run that the page carries. */
const PLACES = RUNS.map((run) => new Map(run.noises.map((noise, i) => [noise, i])));
const ALL = "all"; // in place of one subset, seed or axis

/** The rows of a table of the campaign, by column; none where it has no such table. @param {string} name @returns {Row[]} */
function tableRows(name) {
  const table = DATA.tables[name];
  return table ? table.rows.map((row) => Object.fromEntries(table.columns.map((column, i) => [column, row[i]]))) : [];
}

/**
 * Items in groups of one key each, in the order in which they come.
 * @template T, K
 * @param {T[]} items
 * @param {(item: T) => K} keyOf
 */
function groupBy(items, keyOf) {
  /** @type {Map<K, T[]>} */
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item), group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
