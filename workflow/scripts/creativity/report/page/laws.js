// What theory says that a denoiser must sample, beside what it sampled.

function drawLaws() {
  find("laws").hidden = !DATA.tables.laws;
  if (!DATA.tables.laws) return;
  const rows = tableRows("laws").filter((row) => state.subset === ALL || row.subset === state.subset);
  const groups = groupBy(rows, (row) =>
    `${row.denoiser} · ${row.subset}${row.kind === "trained" ? ` · seed ${row.seed}` : ""}: ${row.law ?? "law"}`);
  const { note } = DATA.tables.laws;
  find("law-panels").replaceChildren(
    ...(note ? [el("p", { class: "keys" }, note)] : []), ...[...groups].map(([name, members]) => lawBlock(name, members)));
}

/** @param {string} name @param {Row[]} members */
function lawBlock(name, members) {
  const modes = members.filter((row) => row.mode !== null && row.measure === "variance" && row.expected > 0 && row.value > 0);
  const single = members.filter((row) => row.mode === null || row.mode === undefined);
  const rows = single.map((row) => [
    DATA.law_words[row.measure] ?? measureWords(row.measure), said(row.expected), said(row.value),
    row.low === null ? "–" : `${said(row.low)} to ${said(row.high)}`, said(row.p)]);
  const columns = ["measure", "expected", "found", "95 % interval", "p"];
  return el("div", { class: "law" },
    el("div", { class: "panel" }, el("h3", {}, name), modes.length > 1 ? varianceChart(name, modes) : null),
    tableOf(columns, rows, "Expected and found, with intervals and p where there are such"));
}

/** The variance along each direction: expected as a line, found as points. @param {string} name @param {Row[]} modes */
function varianceChart(name, modes) {
  const values = modes.flatMap((row) => [row.expected, row.value]), last = Math.max(...modes.map((row) => row.mode));
  const drawn = chart(`variance along each direction: ${name}`,
    { domain: [1, last + 1.5], log: true, label: "direction, the largest first" },
    { domain: [Math.min(...values) / 1.3, Math.max(...values) * 1.3], log: true, label: "variance" });
  const colour = cssColour(RUNS.find((run) => run.denoiser === modes[0].denoiser) ?? RUNS[0]);
  const theory = pathOf(modes.map((row) => [drawn.x(row.mode + 1), drawn.y(row.expected)]));
  drawn.svg.append(svg("path", { d: theory, fill: "none", class: "control", style: "stroke-dasharray:none" }));
  for (const { mode, expected, value, low, high } of modes) {
    const x = drawn.x(mode + 1);
    const bar = { x1: x, x2: x, y1: drawn.y(low), y2: drawn.y(high), style: `stroke:${colour}`, opacity: 0.6 };
    if (low > 0) drawn.svg.append(svg("line", bar));
    const title = svg("title", {}, `direction ${mode + 1}: ${said(value)}, expected ${said(expected)}`);
    drawn.svg.append(svg("circle", { cx: x, cy: drawn.y(value), r: 2.4, style: `fill:${colour}` }, title));
  }
  return drawn.svg;
}

painters.push((keys) => {
  if (touches(keys, "subset")) drawLaws();
});
