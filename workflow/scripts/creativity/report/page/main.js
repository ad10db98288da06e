// Filters, and the first drawing.

function choice(label, options, current, choose, words = (each) => each) {
  const select = el("select", { onchange: (event) => choose(event.target.value) }, options.map((each) => el("option", { value: each, selected: String(each) === String(current) }, words(each))));
  return el("label", { class: "field" }, label, select);
}

function chips(legend, names, key, mark, after = () => null) {
  return el("fieldset", {}, el("legend", {}, legend), names.map((name) => {
    const input = el("input", { type: "checkbox", value: name, onchange: (event) => {
      const next = new Set(state[key]);
      if (event.target.checked) next.add(name); else next.delete(name);
      update({ [key]: next });
    } });
    input.checked = state[key].has(name);
    return el("label", { class: "chip" }, input, mark(name), name, after(name));
  }));
}

function drawFilters() {
  const form = find("filters"), parts = [];
  if (DATA.subsets.length > 1) parts.push(choice("subset", [...DATA.subsets.map((subset) => subset.name), ALL], state.subset, (subset) => update({ subset })));
  if (SEEDS.length > 1) parts.push(choice("seed", [ALL, ...SEEDS], state.seed, (seed) => update({ seed: seed === ALL ? ALL : Number(seed) })));
  if (DATA.axes.length) parts.push(choice("axis", [ALL, ...DATA.axes.map((axis) => axis.name)], state.axis, (axis) => update({ axis })));
  const below = el("input", { type: "checkbox", onchange: (event) => update({ below: event.target.checked }) });
  below.checked = state.below;
  parts.push(el("label", { class: "field" }, below, "nearest training image below"));
  parts.push(chips("family", DATA.families.map((family) => family.name), "families", (name) => el("span", { class: "dot", style: `background:var(${cssName(name)})` })));
  parts.push(chips("class", DATA.classes, "classes", (name) => glyphSvg(name), (name) => el("span", { class: "shade", style: `opacity:${SHADES[name] ?? 0.5}` })));
  form.replaceChildren(...parts);
}

function drawRanges() {
  const brush = state.brush ?? { x: ["", ""], y: ["", ""] };
  const input = (axis, end, label) => {
    const made = el("input", { type: "number", min: 0, step: "0.05", "aria-label": label, onchange: () => readRanges() });
    made.value = Number.isFinite(brush[axis][end]) ? brush[axis][end] : "";
    made.dataset.place = `${axis}${end}`;
    return made;
  };
  const pair = (axis, words) => el("fieldset", {}, el("legend", {}, words), input(axis, 0, `${words}: from`), "to", input(axis, 1, `${words}: to`));
  find("ranges").replaceChildren(pair("x", "nearest training image"), pair("y", "5th real image"));
}

function readRanges() {
  const read = (place, other) => {
    const text = find("ranges").querySelector(`[data-place=${place}]`).value;
    return text === "" ? other : Number(text);
  };
  const brush = { x: [read("x0", 0), read("x1", Infinity)], y: [read("y0", 0), read("y1", Infinity)] };
  const open = brush.x[0] === 0 && brush.y[0] === 0 && brush.x[1] === Infinity && brush.y[1] === Infinity;
  update({ brush: open ? null : brush });
}

function clearAll() {
  update({ brush: null, rows: new Set(), columns: new Set(), pin: null, classes: new Set(DATA.classes), families: new Set(DATA.families.map((family) => family.name)), axis: ALL });
  drawFilters();
}

function drawSelection() {
  const counts = new Map(DATA.classes.map((name) => [name, 0]));
  let total = 0, all = 0;
  RUNS.forEach((run, index) => {
    if (!runShown(run, index)) return;
    all += count(run);
    for (let i = 0; i < count(run); i++) {
      if (!chosen(index, i)) continue;
      total += 1;
      if (run.class[i]) counts.set(run.class[i], (counts.get(run.class[i]) ?? 0) + 1);
    }
  });
  const parts = [...counts].filter(([, number]) => number).map(([name, number]) => `${number.toLocaleString("en")} ${name}`);
  const active = state.brush || state.rows.size || state.columns.size || state.classes.size < DATA.classes.length || state.families.size < DATA.families.length || state.axis !== ALL;
  find("selection").replaceChildren(
    el("span", {}, `${total.toLocaleString("en")} of ${all.toLocaleString("en")} samples${parts.length ? `: ${parts.join(", ")}` : ""}`),
    ...(active ? [el("button", { type: "button", onclick: clearAll }, "Show all")] : []));
}

painters.push((keys) => {
  if (touches(keys, ...FILTERS)) drawSelection();
  if (touches(keys, "brush")) drawRanges();
});

function start() {
  paintColours();
  drawNotices();
  drawFilters();
  drawRanges();
  drawSelection();
  find("axis-form").replaceChildren(DATA.measures.length ? choice("measure", DATA.measures, axisMeasure, (name) => { axisMeasure = name; drawAxes(); }, measureLabel) : "No run has measures yet.");
  find("axes").hidden = !DATA.axes.length;
  scaleMap();
  layGrid();
  const first = RUNS.findIndex((run, index) => runShown(run, index) && run.kind !== "control" && count(run));
  if (first >= 0) state.focus = [first, 0];
  update({ first: true, pin: null, subset: state.subset, size: true });
  for (const run of RUNS) loadSheet(run.sheet);
  for (const subset of DATA.subsets) loadSheet(subset.train);
  drawTables();
  drawLaws();
  drawPairs();
  drawLosses();
  drawHead();
  new ResizeObserver(() => update({ size: true })).observe(find("explorer"));
  DARK.addEventListener("change", () => { paintColours(); update({ scheme: true, size: true }); });
  addEventListener("beforeprint", () => { grid.printing = true; drawGrid(); });
  addEventListener("afterprint", () => { grid.printing = false; drawGrid(); });
  document.body.dataset.ready = "true";
}

start();
