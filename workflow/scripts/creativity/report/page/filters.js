// The filters above the grid: subset, seed, axis, families and classes.

function drawFilters() {
  const subsets = DATA.subsets.map((subset) => subset.name), axes = DATA.axes.map((axis) => axis.name);
  const seedOf = (/** @type {string} */ text) => (text === ALL ? ALL : Number(text));
  find("filters").replaceChildren(...[
    subsets.length > 1 ? choice("subset", [...subsets, ALL], state.subset, (subset) => update({ subset })) : null,
    SEEDS.length > 1 ? choice("seed", [ALL, ...SEEDS], state.seed, (text) => update({ seed: seedOf(text) })) : null,
    axes.length ? choice("axis", [ALL, ...axes], state.axis, (axis) => update({ axis })) : null,
    choice("columns", ["kind", "noise"], state.by, (by) => update({ by: by === "kind" ? "kind" : "noise", columns: new Set() }),
      (by) => (by === "kind" ? "what they say" : "same noise")),
    tickBox("nearest training image below", state.below, (below) => update({ below })),
    chips("family", FAMILY_NAMES, "families", (name) => el("span", { class: "dot", style: `background:var(${cssName(name)})` })),
    chips("class", CLASS_NAMES, "classes", signOf, (name) => el("span", { class: "shade", style: `opacity:${shadeOf(name)}` })),
  ].filter((field) => field !== null));
}

/** Buttons that show more of a kind, as far as the page carries more; they say of how many. */
function drawKindButtons() {
  const rows = RUNS.flatMap((run, index) => (runShown(run, index) ? [index] : []));
  const at = document.activeElement?.getAttribute("data-kind");
  const buttons = (state.by === "kind" ? DATA.kinds : []).flatMap(({ name, words }) => {
    const most = carried(name, rows), press = () => update({ deep: toggled(state.deep, name) });
    const text = `${name}: ${Math.min(most, mostOf(name))} of ${most}`, pressed = String(state.deep.has(name));
    const attributes = { type: "button", title: words, "data-kind": name, "aria-pressed": pressed, onclick: press };
    return most > FIRST ? [el("button", attributes, text)] : [];
  });
  find("kinds").replaceChildren(...(buttons.length ? [el("span", {}, "Show more of a kind"), ...buttons] : []));
  buttons.find((button) => button.dataset.kind === at)?.focus();
}

/** Shows everything again but for the subset and the seed, which remain. */
function clearAll() {
  update({
    brush: null, rows: new Set(), columns: new Set(), pin: null, axis: ALL,
    classes: new Set(CLASS_NAMES), families: new Set(FAMILY_NAMES),
  });
  drawFilters();
}

painters.push((keys) => {
  if (touches(keys, "by")) drawFilters();
  if (touches(keys, ...FILTERS, "size")) drawKindButtons();
});
