// How alike the images of two denoisers are that start from the same noise, at the end and by noise level.

let pairMeasure = "squared_correlation";
const SYMMETRIC = new Set(["squared_correlation", "distance"]);

function drawPairs() {
  find("pairs").hidden = !DATA.tables.pairs;
  if (!DATA.tables.pairs) return;
  const subset = state.subset === ALL ? DATA.subsets[0].name : state.subset;
  /** @type {string[]} */
  const measures = [...new Set(tableRows("pairs").map((row) => row.measure))].filter((name) => !name.startsWith("chance_"));
  if (!measures.includes(pairMeasure)) pairMeasure = measures[0];
  const rows = tableRows("pairs").filter((row) => row.subset_a === subset && row.subset_b === subset);
  const pairs = rows.filter((row) => row.measure === pairMeasure);
  const chance = rows.filter((row) => row.measure === `chance_${pairMeasure}`);
  const choose = (/** @type {string} */ name) => {
    pairMeasure = name;
    drawPairs();
  };
  const atEnd = (/** @type {Row} */ row) => row.sigma === null, byLevel = (/** @type {Row} */ row) => row.sigma !== null;
  find("pair-panels").replaceChildren(
    el("form", { class: "inline" }, choice("measure", measures, pairMeasure, choose, measureWords)),
    pairMatrix(pairs.filter(atEnd), chance.filter(atEnd)),
    el("div", { class: "panels" }, pairCurves(pairs.filter(byLevel), chance.filter(byLevel))),
  );
}

/** One of the two denoisers of a pair. @type {(row: Row, side: "a" | "b") => string} */
const sideOf = (row, side) => `${row[side]}${row[`seed_${side}`] ? ` · seed ${row[`seed_${side}`]}` : ""}`;

/** @param {Row[]} rows @param {Row[]} chance */
function pairMatrix(rows, chance) {
  if (!rows.length) return "";
  const order = RUNS.map((run) => `${run.denoiser}${run.seed ? ` · seed ${run.seed}` : ""}`);
  const sides = rows.flatMap((row) => [sideOf(row, "a"), sideOf(row, "b")]);
  const names = [...new Set(sides)].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const cell = matrixCells(rows);
  const middle = chance.map((row) => row.value).filter((value) => value !== null).sort((a, b) => a - b);
  const note = middle.length ? `Chance, over these pairs: ${said(middle[0])} to ${said(middle[middle.length - 1])}.` : "";
  return el("div", { class: "scroll" }, el("table", { class: "matrix" },
    el("caption", {}, `End to end: row a, column b. ${note} ${DATA.tables.pairs?.note ?? ""}`),
    el("thead", {}, el("tr", {}, el("td", {}), names.map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, names.map((a) => el("tr", {}, el("th", { scope: "row" }, a), names.map((b) => cell(a, b)))))));
}

/**
 * What makes the cells of the matrix, the more coloured the more alike.
 * @param {Row[]} rows
 * @returns {(a: string, b: string) => HTMLElement}
 */
function matrixCells(rows) {
  const bySides = new Map(rows.map((row) => [`${sideOf(row, "a")}\n${sideOf(row, "b")}`, row]));
  const values = rows.map((row) => row.value).filter((value) => value !== null);
  const most = Math.max(...values), least = Math.max(0, Math.min(...values));
  /** @type {(value: number) => number} */
  const alike = (value) =>
    (pairMeasure === "distance" ? 1 - value / (most || 1) : Math.max(0, Math.min(1, (value - least) / (most - least || 1))));
  return (a, b) => {
    const row = bySides.get(`${a}\n${b}`) ?? (SYMMETRIC.has(pairMeasure) ? bySides.get(`${b}\n${a}`) : null);
    if (!row || row.value === null) return el("td", {}, "");
    const part = Math.round(70 * alike(row.value));
    const ground = `color-mix(in srgb, var(--accent) ${part}%, var(--paper))`, text = part > 45 ? "var(--paper)" : "var(--ink)";
    const title = `${a} and ${b}: ${withInterval(row.value, row.low, row.high)}`;
    return el("td", { style: `background:${ground};color:${text}`, title }, row.value.toFixed(2));
  };
}

/** @param {Row[]} rows @param {Row[]} chance */
function pairCurves(rows, chance) {
  const sigmas = rows.map((row) => row.sigma).filter((sigma) => sigma > 0), values = rows.map((row) => row.value);
  if (!sigmas.length) return [];
  /** @type {Range} */
  const domain = pairMeasure === "distance" ? extent(values) : [Math.max(-1, Math.min(0, ...values)), 1];
  const chanceOf = groupBy(chance, (row) => sideOf(row, "a"));
  return [...groupBy(rows, (row) => sideOf(row, "a"))].map(([name, members]) => {
    const drawn = chart(`${pairMeasure} of ${name} with closed forms by noise level`, noiseScale(sigmas), { domain }, 290, 170);
    const key = [];
    for (const [other, part] of groupBy(members, (row) => sideOf(row, "b"))) {
      const run = RUNS.find(({ denoiser }) => denoiser === part[0].b), colour = run ? cssColour(run) : "var(--soft)";
      drawn.svg.append(pairCurve(drawn, domain, part, colour));
      key.push(el("span", { class: "entry" }, el("span", { class: "dot", style: `background:${colour}` }), other));
    }
    for (const part of groupBy(chanceOf.get(name) ?? [], (row) => sideOf(row, "b")).values()) {
      drawn.svg.append(pairCurve(drawn, domain, part, "var(--soft)", "2 3"));
    }
    return panelOf(name, drawn.svg, el("span", {}, ...key, "dotted: chance"));
  });
}

/** One pair by noise level. @type {(drawn: Chart, domain: Range, part: Row[], colour: string, dash?: string) => SVGElement} */
function pairCurve(drawn, domain, part, colour, dash) {
  const known = part.filter((row) => row.sigma > 0 && row.value !== null).sort((a, b) => a.sigma - b.sigma);
  const limited = (/** @type {number} */ value) => Math.max(domain[0], Math.min(domain[1], value));
  return line(known.map(({ sigma, value }) => [drawn.x(sigma), drawn.y(limited(value))]), colour, dash);
}

painters.push((keys) => {
  if (touches(keys, "subset")) drawPairs();
});
