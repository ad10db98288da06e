// The sample that is looked at: large, with its tiles, its nearest training images, its measures and its class.

const detail = find("detail");
const view = { cell: /** @type {Cell | null} */ (null), outlines: true };

function showDetail() {
  const cell = lookedAt();
  view.cell = cell;
  if (!cell) {
    const hint = "Point at a sample in the grid or on the map.";
    detail.replaceChildren(el("h3", {}, "No sample yet"), el("p", { class: "sub" }, hint));
    return;
  }
  const [index, i] = cell, run = RUNS[index], near = run.near[i], tiles = sourcesOf(run, i);
  const hint = el("p", { class: "tiletext" }, tiles ? "Point at a tile to see where it comes from." : "");
  detail.replaceChildren(
    el("h3", {}, run.denoiser),
    el("p", { class: "sub" }, subtitle(run, i)),
    el("div", { class: "large" }, largePicture(cell, tiles, hint), el("div", {}, factsOf(run, i, tiles))),
    hint,
    ...(near ? [el("h4", {}, `Its ${near[0].length} nearest training images`), nearList(near, SUBSETS[run.subset])]
      : [el("p", {}, "No neighbours were found for this sample.")]),
    ...heldOutBeside(run, i),
    ...(tiles ? [el("h4", {}, "Its collage: the closest tiles of all training images"), collageBlock(tiles, run, i)] : []),
    el("h4", {}, "Its measures"),
    measureList(run, i),
    actionsOf(cell),
  );
}

/** @param {Run} run @param {number} i */
function subtitle(run, i) {
  const noise = run.noises[i];
  const parts = [run.family === "external" ? `image ${noise}, not from the shared noise` : `noise ${noise}`];
  parts.push(`subset ${run.subset}`);
  if (run.kind === "trained") parts.push(`seed ${run.seed}`);
  for (const { kind, rank } of DATA.whole ? [] : kindsOf(run, i)) parts.push(`${kind} ${rank + 1}`);
  if (sameCell(state.pin, view.cell)) parts.push("kept");
  return parts.join(" · ");
}

/**
 * The sample enlarged, with its tiles outlined.
 * @param {Cell} cell
 * @param {Sources | null} tiles
 * @param {Element} hint  says where the tile under the pointer comes from
 */
function largePicture(cell, tiles, hint) {
  const [index, i] = cell, run = RUNS[index], size = wholeSize(run.sheet, 336);
  const large = canvasFor(`${describe(cell)}, enlarged`, size);
  const paintLarge = () => {
    const context = contextOf(large);
    context.clearRect(0, 0, size, size);
    drawPicture(context, run.sheet, i, 0, 0, size);
    if (tiles && view.outlines) drawOutlines(context, size, tiles);
  };
  paintLarge();
  if (!tiles) return el("div", {}, large);
  large.addEventListener("mousemove", (event) => {
    const { row, column, number } = tileUnder(event, large, tiles.across), source = SUBSETS[run.subset].ids[tiles.sources[number]];
    const where = tiles.mirrored[number] ? `${source}, mirrored` : source;
    hint.textContent = `Tile in row ${row + 1}, column ${column + 1}: closest in ${where}, at ${said(tiles.distances[number])}`;
  });
  const outlines = tickBox("tiles", view.outlines, (ticked) => {
    view.outlines = ticked;
    paintLarge();
  });
  return el("div", {}, large, outlines);
}

/** @param {Run} run @param {number} i @param {Sources | null} tiles */
function factsOf(run, i, tiles) {
  const kind = run.class[i], near = run.near[i];
  return [
    el("div", { class: "verdict" }, kind ? signOf(kind, 14) : null, kind ?? "not measured"),
    run.collage[i] ? el("div", {}, run.collage[i]) : null,
    ...evidenceOf(run, i),
    near ? el("div", {}, `d1 ${said(near[1][0])}`) : null,
    tiles ? el("div", {}, `${tiles.coloured[0][1]} of ${tiles.sources.length} tiles from one image`) : null,
    run.files[i] ? el("div", {}, "file ", el("code", {}, run.files[i])) : null,
  ];
}

/**
 * What the verdict rests on: how many real, new images look as much like a copy, a collage, an unreal image.
 * @type {(run: Run, i: number) => Child[]}
 */
const evidenceOf = (run, i) => [["p_copy", "as near to training images"], ["p_collage", "as much of a collage"],
  ["judge_percentile", "judged no more real"]].map(([name, words]) => {
  const p = sampleValue(run, name, i);
  return p === null ? null : el("div", { class: "tiletext" }, `${percent(p)} of real images are ${words}`);
});

/** @param {Near} near @param {Subset} subset */
function nearList([sources, distances, mirrored], { train, ids }) {
  return el("div", { class: "near" }, sources.map((source, rank) => el("figure", {},
    picture(train, source, `training image ${ids[source]}`, mirrored[rank]),
    el("figcaption", {}, el("b", {}, said(distances[rank])), mirrored[rank] ? " mirrored " : " ", ids[source]))));
}

/**
 * Held-out's sample of the same kind, with its nearest training image: what real, new images look like there.
 * @param {Run} run
 * @param {number} i
 */
function heldOutBeside(run, i) {
  const other = RUNS.find(({ denoiser, subset }) => denoiser === "held-out" && subset === run.subset), [kind] = kindsOf(run, i);
  const ranked = kind && other && other !== run ? other.kinds[kind.kind] ?? [] : [];
  if (!other || !ranked.length) return [];
  const place = ranked[Math.min(kind.rank, ranked.length - 1)], near = other.near[place], { train, ids } = SUBSETS[run.subset];
  const d1 = near ? `d1 ${said(near[1][0])}` : "";
  return [
    el("h4", {}, `Beside it, held-out's ${kind.kind} ${Math.min(kind.rank, ranked.length - 1) + 1}`),
    el("div", { class: "beside" },
      el("figure", {}, picture(other.sheet, place, `held-out image ${other.noises[place]}`), el("figcaption", {}, "real, new")),
      near ? el("figure", {}, picture(train, near[0][0], `training image ${ids[near[0][0]]}`, near[2][0]), el("figcaption", {}, d1))
        : null)];
}

/** @param {Run} run @param {number} i */
function measureList(run, i) {
  const names = Object.keys(run.values).sort();
  return el("dl", {}, names.flatMap((name) => [el("dt", {}, measureWords(name)), el("dd", {}, said(sampleValue(run, name, i)))]));
}

/** @param {Cell} cell */
function actionsOf(cell) {
  const kept = sameCell(state.pin, cell);
  const keep = () => update({ pin: kept ? null : cell });
  const select = () => update({ by: "noise", columns: toggled(state.columns, noiseOf(cell)) });
  return el("div", { class: "bar" },
    el("button", { type: "button", onclick: keep }, kept ? "Let go" : "Keep this sample"),
    el("button", { type: "button", onclick: select }, "This noise only"));
}

painters.push((keys) => {
  const same = sameCell(lookedAt(), view.cell);
  if (touches(keys, "pin", "pictures", "scheme") || (touches(keys, "hover", "focus") && !same)) showDetail();
});
