// The sample pointed at: large, with its tiles, its nearest training images, its measures and its class.

const detail = find("detail");
const TILE_COLOURS = ["#EE7733", "#0077BB", "#009988", "#EE3377", "#CCBB44", "#AA77CC"];
const OTHER = "#8a8a8a";
const view = { cell: null, outlines: true };

function canvasFor(label, size = 96) {
  return el("canvas", { width: size, height: size, role: "img", "aria-label": label });
}

function picture(sheet, i, label, mirrored = false, pixels = 0) {
  const side = sheet.side, size = pixels || side * Math.max(1, Math.ceil(96 / side));
  const canvas = canvasFor(label, size);
  drawPictureRaw(canvas.getContext("2d"), sheet, i, size, mirrored);
  return canvas;
}

function drawPictureRaw(context, sheet, i, size, mirrored) {
  context.clearRect(0, 0, size, size);
  drawPicture(context, sheet, i, 0, 0, size, mirrored);
}

// The most frequent sources of a sample's tiles have a colour each; the rest are grey.
function sourcesOf(run, i) {
  const found = run.tiles[i];
  if (!found) return null;
  const counts = new Map();
  for (const source of found[0]) counts.set(source, (counts.get(source) ?? 0) + 1);
  const order = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const colour = new Map(order.slice(0, TILE_COLOURS.length).map(([source], j) => [source, TILE_COLOURS[j]]));
  return { sources: found[0], distances: found[1], order, colour, across: DATA.dataset.size / DATA.tile };
}

function outline(context, size, found) {
  const step = size / found.across;
  found.sources.forEach((source, j) => {
    const x = (j % found.across) * step, y = Math.floor(j / found.across) * step, width = Math.max(2, size / 110);
    context.strokeStyle = found.colour.get(source) ?? OTHER;
    context.lineWidth = width;
    context.strokeRect(x + width / 2 + 0.5, y + width / 2 + 0.5, step - width - 1, step - width - 1);
  });
}

function collage(context, size, sheet, found) {
  const image = sheets.get(sheet), step = size / found.across, side = sheet.side / found.across;
  if (!image) return;
  context.imageSmoothingEnabled = false;
  found.sources.forEach((source, j) => {
    const column = j % found.across, row = Math.floor(j / found.across);
    const x = (source % sheet.columns) * sheet.side + column * side, y = Math.floor(source / sheet.columns) * sheet.side + row * side;
    context.drawImage(image, x, y, side, side, column * step, row * step, step, step);
  });
}

function showDetail() {
  const cell = state.hover ?? state.pin ?? state.focus;
  view.cell = cell;
  if (!cell) {
    detail.replaceChildren(el("h3", {}, "No sample yet"), el("p", { class: "sub" }, "Point at a sample in the grid or on the map."));
    return;
  }
  const [index, i] = cell, run = RUNS[index], train = SUBSETS[run.subset].train, ids = SUBSETS[run.subset].ids;
  const near = run.near[i], found = sourcesOf(run, i);
  const size = run.sheet.side * Math.max(1, Math.ceil(336 / run.sheet.side));
  const large = canvasFor(`${describe(index, i)}, enlarged`, size);
  const paintLarge = () => {
    const context = large.getContext("2d");
    drawPictureRaw(context, run.sheet, i, size, false);
    if (found && view.outlines) outline(context, size, found);
  };
  paintLarge();
  const text = el("p", { class: "tiletext" }, found ? "Point at a tile to see where it comes from." : "");
  if (found) {
    large.addEventListener("mousemove", (event) => {
      const box = large.getBoundingClientRect(), unit = box.width / found.across;
      const column = Math.min(found.across - 1, Math.floor((event.clientX - box.left) / unit));
      const row = Math.min(found.across - 1, Math.floor((event.clientY - box.top) / unit));
      const j = row * found.across + column;
      text.textContent = `Tile in row ${row + 1}, column ${column + 1}: closest in ${ids[found.sources[j]]}, at ${said(found.distances[j])}`;
    });
  }
  const kind = run.class[i];
  const facts = [
    el("div", { class: "verdict" }, kind ? glyphSvg(kind, 14) : null, kind ?? "not measured"),
    near ? el("div", {}, `d1 ${said(near[1][0])}`) : null,
    found ? el("div", {}, `${found.order[0][1]} of ${found.sources.length} tiles from one image`) : null,
    run.files[i] ? el("div", {}, "file ", el("code", {}, run.files[i])) : null,
  ];
  const toggle = el("label", { class: "field" }, el("input", { type: "checkbox", onchange: (event) => { view.outlines = event.target.checked; paintLarge(); } }), "tiles");
  toggle.firstChild.checked = view.outlines;
  detail.replaceChildren(
    el("h3", {}, run.denoiser),
    el("p", { class: "sub" }, subtitle(run, i)),
    el("div", { class: "large" }, el("div", {}, large, found ? toggle : null), el("div", {}, ...facts)),
    text,
    ...(near ? [el("h4", {}, `Its ${near[0].length} nearest training images`), nearList(near, train, ids)] : [el("p", {}, "No neighbours were found for this sample.")]),
    ...(found ? [el("h4", {}, "Its collage: the closest tiles of all training images"), collageBlock(found, train, ids, run, i)] : []),
    el("h4", {}, "Its measures"),
    el("dl", {}, ...Object.keys(run.values).sort().flatMap((name) => [el("dt", {}, DATA.words[name] ?? name.replaceAll("_", " ")), el("dd", {}, said(value(run, name, i)))])),
    el("div", { class: "bar" },
      el("button", { type: "button", onclick: () => update({ pin: sameCell(state.pin, cell) ? null : cell }) }, sameCell(state.pin, cell) ? "Let go" : "Keep this sample"),
      el("button", { type: "button", onclick: () => update({ columns: toggled(state.columns, i) }) }, "This noise only")),
  );
}

function subtitle(run, i) {
  const parts = [`noise ${i}`, `subset ${run.subset}`];
  if (run.kind === "trained") parts.push(`seed ${run.seed}`);
  if (run.kind === "external") parts[0] = `image ${i}, not from the shared noise`;
  if (sameCell(state.pin, view.cell)) parts.push("kept");
  return parts.join(" · ");
}

function nearList(near, train, ids) {
  return el("div", { class: "near" }, near[0].map((source, rank) => el("figure", {},
    picture(train, source, `training image ${ids[source]}`, near[2][rank]),
    el("figcaption", {}, el("b", {}, said(near[1][rank])), near[2][rank] ? " mirrored " : " ", ids[source]))));
}

function collageBlock(found, train, ids, run, i) {
  const size = run.sheet.side * Math.max(1, Math.ceil(168 / run.sheet.side));
  const canvas = canvasFor("the closest tiles put together", size);
  collage(canvas.getContext("2d"), size, train, found);
  const share = found.order.slice(0, TILE_COLOURS.length).map(([source, number]) => el("li", {},
    picture(train, source, "", false, 56), el("span", { class: "key", style: `background:${found.colour.get(source)}` }),
    el("span", {}, `${plural(number, "tile", "tiles")} from ${ids[source]}`)));
  const rest = found.order.slice(TILE_COLOURS.length).reduce((sum, [, number]) => sum + number, 0);
  if (rest) share.push(el("li", {}, el("span", {}), el("span", { class: "key", style: `background:${OTHER}` }), `${plural(rest, "tile", "tiles")} from ${found.order.length - TILE_COLOURS.length} others`));
  return el("div", { class: "large" }, el("figure", {}, canvas, el("figcaption", {}, `at ${said(value(run, "collage_residual", i))} from the sample`)), el("ul", { class: "sourcelist" }, share));
}

painters.push((keys) => {
  const same = sameCell(state.hover ?? state.pin ?? state.focus, view.cell);
  if (touches(keys, "pin", "pictures", "scheme") || (touches(keys, "hover", "focus") && !same)) showDetail();
});
