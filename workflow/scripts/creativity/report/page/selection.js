// How many samples are selected, and of which classes they are.

function drawSelection() {
  const runs = RUNS.filter((run, index) => runShown(run, index) && (!state.rows.size || state.rows.has(index)));
  const whole = RUNS.filter((run, index) => runShown(run, index)).reduce((sum, run) => sum + run.total, 0);
  const shown = shownClasses(), some = state.columns.size > 0 || state.brush !== null;
  const counts = CLASS_NAMES.map((name) => [name, some ? shown.get(name) ?? 0
    : state.classes.has(name) ? runs.reduce((sum, run) => sum + (run.counts[name] ?? 0), 0) : 0]);
  const total = [...shown.values()].reduce((sum, count) => sum + count, 0);
  const parts = counts.filter(([, count]) => count).map(([name, count]) => `${count.toLocaleString("en")} ${name}`);
  const words = `${total.toLocaleString("en")} of ${whole.toLocaleString("en")} samples shown`;
  const of = DATA.whole ? "" : some ? "of those shown " : "of all ";
  const button = el("button", { type: "button", onclick: clearAll }, "Show all");
  find("selection").replaceChildren(
    el("span", {}, parts.length ? `${words}; ${of}${parts.join(", ")}` : words),
    ...(selecting() ? [button] : []));
}

/** How many selected samples of each class the page carries; null: of a class that nobody knows. */
function shownClasses() {
  /** @type {Map<string | null, number>} */
  const counts = new Map();
  RUNS.forEach((run, index) => {
    if (!runShown(run, index)) return;
    for (let i = 0; i < run.samples; i++) {
      const kind = run.class[i] ?? null;
      if (chosen(index, i)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  });
  return counts;
}

/** Whether "Show all" would show more. */
function selecting() {
  if (narrowed() || state.rows.size || state.columns.size) return true;
  return state.families.size < FAMILY_NAMES.length || state.axis !== ALL;
}

painters.push((keys) => {
  if (touches(keys, ...FILTERS)) drawSelection();
});
