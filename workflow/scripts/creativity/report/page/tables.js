// The tables of the page: every run, and those that the campaign made of all of them.

const RUN_COLUMNS = [
  "denoiser", "family", "kind", "subset", "seed", "status", "options", "parameters", "receptive field",
  "training, s", "d1, median", "copies", "copies, FDR 5 %", "new and real", "commit", "run key",
];
const TABLES = [ // section, where in it, which table; the last of a section decides whether it is shown
  ["phase", "phase-table", "phase"],
  ["times", "slope-table", "slopes"],
  ["times", "time-table", "times"],
  ["claims", "claim-table", "claims"],
  ["copied", "copied-table", "copied_first"],
  ["disguises", "disguise-table", "disguises"],
  ["judges", "judge-table", "judges"],
  ["controls", "control-table", "controls"],
];

function drawTables() {
  const rows = RUNS.map((run) => [
    run.denoiser, run.family, run.kind, run.subset, run.seed, run.status, optionsOf(run) || "–", run.parameters,
    run.receptive_field, run.seconds, measured(run, "nearest_distance:pixel"), measured(run, "class_copy:pixel"),
    measured(run, "copies:pixel"), measured(run, "class_new_and_real:pixel"),
    (run.commit ?? "–").slice(0, 10), run.key,
  ]);
  const status = RUN_COLUMNS.indexOf("status");
  const bad = (/** @type {Value[]} */ row) => ["missing", "incomplete", "diverged"].includes(String(row[status]));
  find("run-table").replaceChildren(tableOf(RUN_COLUMNS, rows, "Every run, from copier to noise", bad));
  for (const [section, where, name] of TABLES) {
    const table = DATA.tables[name];
    if (section !== "copied") find(section).hidden = !table;
    if (table) find(where).replaceChildren(campaignTable(name, table));
  }
}

/** @param {Run} run */
function optionsOf(run) {
  const options = Object.entries(run.config).filter(([name, option]) => name !== "family" && option !== null);
  return options.map(([name, option]) => `${name} ${typeof option === "object" ? JSON.stringify(option) : option}`).join(", ");
}

/** @param {string} name @param {Table} table */
function campaignTable(name, table) {
  const held = table.columns.indexOf("held"), columns = table.columns.map((column) => column.replaceAll("_", " "));
  const caption = table.note ? `${name}.parquet. ${table.note}` : `${name}.parquet`;
  return tableOf(columns, table.rows, caption, (row) => held >= 0 && row[held] === false);
}
