// Small charts as SVG: a measure along an axis, losses by noise level, laws, pairs.

function ticksOf(low, high, wanted = 5) {
  if (!(high > low)) return [low];
  const raw = (high - low) / wanted, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= raw);
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++) found.push(Number((at * step).toPrecision(12)));
  return found;
}

function logTicks(low, high) {
  const found = [];
  for (let power = Math.ceil(Math.log10(low) - 1e-9); 10 ** power <= high * (1 + 1e-9); power++) found.push(Number((10 ** power).toPrecision(6)));
  return found.length > 1 ? found : [low, high].map((each) => Number(each.toPrecision(2)));
}

// A frame with scales: {x, y} turn values into places. axis: {domain, log, label, ticks}.
function chart(label, xAxis, yAxis, width = 290, height = 180) {
  const box = { left: 44, right: width - 12, top: 10, bottom: height - 34 };
  const scale = (axis, from, to) => {
    const map = axis.log ? Math.log : (each) => each;
    const [low, high] = axis.domain.map(map), reach = high - low || 1;
    return (each) => from + ((map(each) - low) / reach) * (to - from);
  };
  const x = scale(xAxis, box.left, box.right), y = scale(yAxis, box.bottom, box.top);
  const drawn = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  const ticks = (axis, n) => axis.ticks ?? (axis.log ? logTicks(...axis.domain) : ticksOf(...axis.domain, n));
  for (const tick of ticks(yAxis, 4)) {
    drawn.append(svg("line", { class: "rule", x1: box.left, x2: box.right, y1: y(tick), y2: y(tick) }));
    drawn.append(svg("text", { x: box.left - 6, y: y(tick) + 4, "text-anchor": "end" }, said(tick)));
  }
  let last = -Infinity;
  for (const tick of ticks(xAxis, 5)) {
    if (x(tick) - last < 24) continue;
    last = x(tick);
    drawn.append(svg("text", { x: last, y: box.bottom + 15, "text-anchor": "middle" }, said(tick)));
  }
  drawn.append(svg("text", { x: (box.left + box.right) / 2, y: height - 3, "text-anchor": "middle" }, xAxis.label));
  return { svg: drawn, x, y, box };
}

const pathOf = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
const line = (points, colour, dash) => svg("path", { d: pathOf(points), fill: "none", style: `stroke:${colour}`, "stroke-width": 1.8, "stroke-dasharray": dash });

function extent(values, pad = 0.06) {
  const known = values.filter((each) => each !== null && each !== undefined && Number.isFinite(each));
  if (!known.length) return [0, 1];
  const low = Math.min(...known), high = Math.max(...known), reach = high - low || Math.abs(high) || 1;
  return [low - pad * reach, high + pad * reach];
}
const panelOf = (title, drawn, note) => el("div", { class: "panel" }, el("h3", {}, title), drawn, note ? el("p", { class: "keys" }, note) : null);

// The axes.
const REFERENCES = ["held-out", "copier", "noise"];
let axisMeasure = DATA.measures.includes("nearest_distance:pixel") ? "nearest_distance:pixel" : DATA.measures[0];
const measureLabel = (name) => {
  const [measure, space] = name.split(":");
  return (DATA.words[measure] ?? measure.replaceAll("_", " ")) + (space === "pixel" ? "" : ` (${space === "pca" ? "PCA" : space})`);
};

function drawAxes() {
  const panels = DATA.axes.map((axis) => axisPanel(axis)).filter(Boolean);
  find("axis-panels").replaceChildren(...(panels.length ? panels : [el("p", {}, "No two runs shown differ in one number alone.")]));
}

function axisPanel(axis) {
  const across = axis.name.startsWith("training images");
  const inSubset = (run) => across || state.subset === ALL || run.subset === state.subset;
  const points = axis.points
    .map(([index, x, key, name]) => ({ run: RUNS[index], index, x, key, name, found: RUNS[index].measures[axisMeasure] }))
    .filter(({ run, found }) => found && found[0] !== null && inSubset(run) && (state.seed === ALL || run.kind !== "trained" || run.seed === state.seed))
    .filter(({ run }) => state.families.has(familyOf(run)) && (!across || run.kind !== "control" || REFERENCES.includes(run.denoiser)));
  if (!points.length) return null;
  const references = across ? [] : REFERENCES.map((name) => [name, meanOf(name, inSubset)]).filter(([, at]) => at !== null);
  const top = Math.max(...points.map(({ found }) => found[2] ?? found[0])), bottom = Math.min(...points.map(({ found }) => found[1] ?? found[0]));
  const near = references.filter(([, at]) => at <= top + 1.5 * (top - bottom || 1) && at >= bottom - 1.5 * (top - bottom || 1));
  const domain = extent([top, bottom, ...near.map(([, at]) => at)]);
  const xs = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const xDomain = axis.log ? [xs[0] / 1.2, xs.at(-1) * 1.2] : extent(xs);
  const drawn = chart(`${measureLabel(axisMeasure)} along ${axis.name}`, { domain: xDomain, log: axis.log, label: axis.name, ticks: xs }, { domain });
  for (const [name, at] of near) {
    drawn.svg.append(svg("line", { class: "control", x1: drawn.box.left, x2: drawn.box.right, y1: drawn.y(at), y2: drawn.y(at) }));
    drawn.svg.append(svg("text", { x: drawn.box.right, y: drawn.y(at) - 3, "text-anchor": "end" }, name));
  }
  const named = []; // where a line's name stands already: another does not cover it
  for (const [key, members] of groupBy(points, ({ key }) => key)) {
    members.sort((a, b) => a.x - b.x);
    if (key !== null) drawn.svg.append(line(members.map(({ x, found }) => [drawn.x(x), drawn.y(found[0])]), cssColour(members[0].run)));
    const end = members.at(-1);
    const at = [drawn.x(end.x), drawn.y(end.found[0])];
    if (key === null || !end.name || named.some(([x, y]) => Math.abs(x - at[0]) < 60 && Math.abs(y - at[1]) < 11)) continue;
    named.push(at);
    drawn.svg.append(svg("text", { class: "name", x: at[0] - 6, y: at[1] - 7, "text-anchor": "end" }, end.name));
  }
  for (const { run, index, x, found } of points) {
    const [at, low, high] = found, title = `${nameOf(run)}: ${said(at)} [${said(low)}, ${said(high)}]`;
    if (low !== null && high !== null) drawn.svg.append(svg("line", { x1: drawn.x(x), x2: drawn.x(x), y1: drawn.y(low), y2: drawn.y(high), style: `stroke:${cssColour(run)}`, "stroke-width": 1.4 }));
    drawn.svg.append(svg("circle", {
      class: "mark", cx: drawn.x(x), cy: drawn.y(at), r: 3.6, style: `fill:${cssColour(run)};cursor:pointer`, onclick: () => selectRun(index),
    }, svg("title", {}, title)));
  }
  const away = references.filter((each) => !near.includes(each)).map(([name, at]) => `${name} at ${said(at)}`);
  return panelOf(axis.name, drawn.svg, away.length ? `Off the scale: ${away.join(", ")}.` : null);
}

function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

function meanOf(denoiser, accept) {
  const found = RUNS.filter((run) => run.denoiser === denoiser && accept(run)).map((run) => measured(run, axisMeasure)).filter((each) => each !== null);
  return found.length ? found.reduce((sum, each) => sum + each, 0) / found.length : null;
}

function selectRun(index) {
  update({ rows: toggled(state.rows, index) });
  find("explorer").scrollIntoView();
}

// Losses.
function drawLosses() {
  const runs = RUNS.filter((run, index) => run.kind === "trained" && runShown(run, index) && Object.keys(run.losses).length);
  find("losses").hidden = !RUNS.some((run) => Object.keys(run.losses).length);
  const all = runs.flatMap((run) => Object.values(run.losses));
  const sigmas = all.flatMap(([sigma]) => sigma), losses = all.flatMap(([, loss]) => loss).filter((each) => each !== null);
  if (!sigmas.length) { find("loss-panels").replaceChildren(el("p", {}, "No trained denoiser among those shown.")); return; }
  const domain = [0, Math.min(Math.max(1.1, ...losses), 3)];
  find("loss-panels").replaceChildren(...[...groupBy(runs, (run) => `${run.denoiser}${DATA.subsets.length > 1 ? ` · ${run.subset}` : ""}`)].map(([name, members]) => {
    const drawn = chart(`loss of ${name} by noise level`, { domain: [Math.min(...sigmas), Math.max(...sigmas)], log: true, label: "noise level σ" }, { domain }, 290, 160);
    drawn.svg.append(svg("line", { class: "control", x1: drawn.box.left, x2: drawn.box.right, y1: drawn.y(1), y2: drawn.y(1) }));
    for (const run of members) {
      for (const [split, [sigma, loss]] of Object.entries(run.losses)) {
        const points = sigma.map((each, j) => [each, loss[j]]).filter(([, each]) => each !== null).map(([x, y]) => [drawn.x(x), drawn.y(Math.min(y, domain[1]))]);
        drawn.svg.append(line(points, cssColour(run), split === "train" ? null : "5 3"));
      }
    }
    return panelOf(name, drawn.svg);
  }));
}

// Laws.
const tableRows = (name) => {
  const table = DATA.tables[name];
  return table ? table.rows.map((row) => Object.fromEntries(table.columns.map((column, i) => [column, row[i]]))) : [];
};

function drawLaws() {
  const rows = tableRows("laws").filter((row) => state.subset === ALL || row.subset === state.subset);
  find("laws").hidden = !DATA.tables.laws;
  if (!DATA.tables.laws) return;
  const blocks = [...groupBy(rows, (row) => `${row.denoiser} · ${row.subset}${row.kind === "trained" ? ` · seed ${row.seed}` : ""}: ${row.law ?? "law"}`)].map(([name, members]) => {
    const modes = members.filter((row) => row.mode !== null && row.measure === "variance" && row.expected > 0 && row.value > 0);
    const single = members.filter((row) => row.mode === null || row.mode === undefined);
    const table = tableOf(["measure", "expected", "found", "95 % interval", "p"], single.map((row) => [
      DATA.law_words[row.measure] ?? DATA.words[row.measure] ?? row.measure.replaceAll("_", " "), said(row.expected), said(row.value), row.low === null ? "–" : `${said(row.low)} to ${said(row.high)}`, said(row.p)]), "Expected and found, with intervals and p where there are such");
    return el("div", { class: "law" }, el("div", { class: "panel" }, el("h3", {}, name), modes.length > 1 ? varianceChart(name, modes) : null), table);
  });
  find("law-panels").replaceChildren(...blocks);
}

function varianceChart(name, modes) {
  const values = modes.flatMap((row) => [row.expected, row.value]);
  const drawn = chart(`variance along each direction: ${name}`, { domain: [1, Math.max(...modes.map((row) => row.mode)) + 1.5], log: true, label: "direction, the largest first" },
    { domain: [Math.min(...values) / 1.3, Math.max(...values) * 1.3], log: true, label: "variance" });
  const colour = cssColour(RUNS.find((run) => run.denoiser === modes[0].denoiser) ?? RUNS[0]);
  drawn.svg.append(svg("path", { d: pathOf(modes.map((row) => [drawn.x(row.mode + 1), drawn.y(row.expected)])), fill: "none", class: "control", style: "stroke-dasharray:none" }));
  for (const row of modes) {
    const x = drawn.x(row.mode + 1);
    if (row.low > 0) drawn.svg.append(svg("line", { x1: x, x2: x, y1: drawn.y(row.low), y2: drawn.y(row.high), style: `stroke:${colour}`, opacity: 0.6 }));
    drawn.svg.append(svg("circle", { cx: x, cy: drawn.y(row.value), r: 2.4, style: `fill:${colour}` }, svg("title", {}, `direction ${row.mode + 1}: ${said(row.value)}, expected ${said(row.expected)}`)));
  }
  return drawn.svg;
}

// Pairs.
let pairMeasure = "squared_correlation";
const SYMMETRIC = new Set(["squared_correlation", "distance"]);

function drawPairs() {
  find("pairs").hidden = !DATA.tables.pairs;
  if (!DATA.tables.pairs) return;
  const rows = tableRows("pairs"), measures = [...new Set(rows.map((row) => row.measure))].filter((name) => !name.startsWith("chance_"));
  if (!measures.includes(pairMeasure)) pairMeasure = measures[0];
  const subset = state.subset === ALL ? DATA.subsets[0].name : state.subset;
  const mine = rows.filter((row) => row.subset_a === subset && row.subset_b === subset && row.measure === pairMeasure);
  const chance = rows.filter((row) => row.subset_a === subset && row.subset_b === subset && row.measure === `chance_${pairMeasure}`);
  find("pair-panels").replaceChildren(
    el("form", { class: "inline" }, choice("measure", measures, pairMeasure, (name) => { pairMeasure = name; drawPairs(); }, (name) => DATA.words[name] ?? name.replaceAll("_", " "))),
    pairMatrix(mine.filter((row) => row.sigma === null), chance.filter((row) => row.sigma === null)),
    el("div", { class: "panels" }, ...pairCurves(mine.filter((row) => row.sigma !== null), chance.filter((row) => row.sigma !== null))),
  );
}

const sideOf = (row, side) => `${row[side]}${row[`seed_${side}`] ? ` · seed ${row[`seed_${side}`]}` : ""}`;

function pairMatrix(rows, chance) {
  if (!rows.length) return null;
  const found = new Map(rows.map((row) => [`${sideOf(row, "a")}\n${sideOf(row, "b")}`, row]));
  const order = RUNS.map((run) => `${run.denoiser}${run.seed ? ` · seed ${run.seed}` : ""}`);
  const names = [...new Set(rows.flatMap((row) => [sideOf(row, "a"), sideOf(row, "b")]))].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const values = rows.map((row) => row.value).filter((each) => each !== null), most = Math.max(...values), least = Math.min(...values);
  const share = (at) => (pairMeasure === "distance" ? 1 - at / (most || 1) : Math.max(0, Math.min(1, (at - Math.max(0, least)) / ((most - Math.max(0, least)) || 1))));
  const cell = (a, b) => {
    const row = found.get(`${a}\n${b}`) ?? (SYMMETRIC.has(pairMeasure) ? found.get(`${b}\n${a}`) : null);
    if (!row || row.value === null) return el("td", {}, "");
    const part = Math.round(70 * share(row.value));
    return el("td", { style: `background:color-mix(in srgb, var(--accent) ${part}%, var(--paper));color:${part > 45 ? "var(--paper)" : "var(--ink)"}`, title: `${a} and ${b}: ${said(row.value)} [${said(row.low)}, ${said(row.high)}]` }, row.value.toFixed(2));
  };
  const middle = chance.map((row) => row.value).filter((each) => each !== null).sort((a, b) => a - b);
  const note = middle.length ? `Chance, over these pairs: ${said(middle[0])} to ${said(middle.at(-1))}.` : "";
  return el("div", { class: "scroll" }, el("table", { class: "matrix" },
    el("caption", {}, `End to end: row a, column b. ${note}`),
    el("thead", {}, el("tr", {}, el("td", {}), names.map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, names.map((a) => el("tr", {}, el("th", { scope: "row" }, a), names.map((b) => cell(a, b)))))));
}

function pairCurves(rows, chance) {
  const sigmas = rows.map((row) => row.sigma).filter((each) => each > 0);
  if (!sigmas.length) return [];
  const domain = pairMeasure === "distance" ? extent(rows.map((row) => row.value)) : [Math.max(-1, Math.min(0, ...rows.map((row) => row.value ?? 0))), 1];
  return [...groupBy(rows, (row) => sideOf(row, "a"))].map(([name, members]) => {
    const drawn = chart(`${pairMeasure} of ${name} with closed forms by noise level`, { domain: [Math.min(...sigmas), Math.max(...sigmas)], log: true, label: "noise level σ" }, { domain }, 290, 170);
    const curve = (part, style, dash) => line(part.filter((row) => row.sigma > 0 && row.value !== null).sort((a, b) => a.sigma - b.sigma).map((row) => [drawn.x(row.sigma), drawn.y(Math.max(domain[0], Math.min(domain[1], row.value)))]), style, dash);
    const key = [];
    for (const [other, part] of groupBy(members, (row) => sideOf(row, "b"))) {
      const run = RUNS.find((each) => each.denoiser === part[0].b);
      const colour = run ? cssColour(run) : "var(--soft)";
      drawn.svg.append(curve(part, colour));
      key.push(el("span", { style: "white-space:nowrap;margin-right:10px" }, el("span", { class: "dot", style: `display:inline-block;margin-right:4px;background:${colour}` }), other));
    }
    for (const [, part] of groupBy(chance.filter((row) => sideOf(row, "a") === name), (row) => sideOf(row, "b"))) drawn.svg.append(curve(part, "var(--soft)", "2 3"));
    return panelOf(name, drawn.svg, el("span", {}, ...key, "dotted: chance"));
  });
}

painters.push((keys) => {
  if (touches(keys, "subset", "seed", "families", "size")) {
    drawAxes();
    drawLosses();
  }
  if (touches(keys, "subset")) {
    drawLaws();
    drawPairs();
  }
});
