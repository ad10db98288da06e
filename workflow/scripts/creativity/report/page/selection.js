// How many samples are selected, and of which classes they are.

function drawSelection() {
  const counts = new Map(CLASS_NAMES.map((name) => [name, 0]));
  let total = 0, all = 0;
  RUNS.forEach((run, index) => {
    if (!runShown(run, index)) return;
    all += run.samples;
    for (let i = 0; i < run.samples; i++) {
      if (!chosen(index, i)) continue;
      const kind = run.class[i];
      total += 1;
      if (kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  });
  const parts = [...counts].filter(([, count]) => count).map(([name, count]) => `${count.toLocaleString("en")} ${name}`);
  const words = `${total.toLocaleString("en")} of ${all.toLocaleString("en")} samples`;
  const button = el("button", { type: "button", onclick: clearAll }, "Show all");
  find("selection").replaceChildren(
    el("span", {}, parts.length ? `${words}: ${parts.join(", ")}` : words),
    ...(selecting() ? [button] : []));
}

/** Whether "Show all" would show more. */
function selecting() {
  if (narrowed() || state.rows.size || state.columns.size) return true;
  return state.families.size < FAMILY_NAMES.length || state.axis !== ALL;
}

painters.push((keys) => {
  if (touches(keys, ...FILTERS)) drawSelection();
});
