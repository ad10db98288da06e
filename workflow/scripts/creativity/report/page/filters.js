// The filters above the grid: subset, seed, axis, families and classes.

function drawFilters() {
  const subsets = DATA.subsets.map((subset) => subset.name), axes = DATA.axes.map((axis) => axis.name);
  const seedOf = (/** @type {string} */ text) => (text === ALL ? ALL : Number(text));
  find("filters").replaceChildren(...[
    subsets.length > 1 ? choice("subset", [...subsets, ALL], state.subset, (subset) => update({ subset })) : null,
    SEEDS.length > 1 ? choice("seed", [ALL, ...SEEDS], state.seed, (text) => update({ seed: seedOf(text) })) : null,
    axes.length ? choice("axis", [ALL, ...axes], state.axis, (axis) => update({ axis })) : null,
    tickBox("nearest training image below", state.below, (below) => update({ below })),
    chips("family", FAMILY_NAMES, "families", (name) => el("span", { class: "dot", style: `background:var(${cssName(name)})` })),
    chips("class", CLASS_NAMES, "classes", signOf, (name) => el("span", { class: "shade", style: `opacity:${shadeOf(name)}` })),
  ].filter((field) => field !== null));
}

/** Shows everything again but for the subset and the seed, which remain. */
function clearAll() {
  update({
    brush: null, rows: new Set(), columns: new Set(), pin: null, axis: ALL,
    classes: new Set(CLASS_NAMES), families: new Set(FAMILY_NAMES),
  });
  drawFilters();
}
