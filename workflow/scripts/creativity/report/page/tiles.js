// Where the tiles of a sample come from: outlines in the colours of their sources, and the collage of the closest tiles.

const TILE_COLOURS = [1, 2, 3, 4, 5, 6].map((number) => `--tile-${number}`); // of the page's style
const OTHER_COLOUR = "--tile-other";

/** The most frequent sources of a sample's tiles have a colour each; the rest are grey. @param {Run} run @param {number} i */
function sourcesOf(run, i) {
  const tiles = run.tiles[i];
  if (!tiles) return null;
  const [sources, distances, mirrored] = tiles;
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const source of sources) counts.set(source, (counts.get(source) ?? 0) + 1);
  const order = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const coloured = order.slice(0, TILE_COLOURS.length), others = order.slice(TILE_COLOURS.length);
  const colours = new Map(coloured.map(([source], j) => [source, TILE_COLOURS[j]]));
  return { sources, distances, mirrored, coloured, others, colours, across: DATA.tile_edges.length - 1 };
}
/** @typedef {NonNullable<ReturnType<typeof sourcesOf>>} Sources */

/** The number of the tile under the pointer. @param {MouseEvent} event @param {Element} large @param {number} across */
function tileUnder(event, large, across) {
  const box = large.getBoundingClientRect(), unit = box.width / DATA.dataset.size, inner = DATA.tile_edges.slice(1, -1);
  const column = inner.filter((edge) => event.clientX - box.left >= edge * unit).length;
  const row = inner.filter((edge) => event.clientY - box.top >= edge * unit).length;
  return { row, column, number: row * across + column };
}

/**
 * The place of a tile: its left and upper corner, width and height, where the whole image has this size.
 * @param {number} number @param {number} across @param {number} size
 */
function tilePlace(number, across, size) {
  const column = number % across, row = Math.floor(number / across), unit = size / DATA.dataset.size, edges = DATA.tile_edges;
  const [left, top] = [edges[column] * unit, edges[row] * unit];
  return { left, top, width: edges[column + 1] * unit - left, height: edges[row + 1] * unit - top };
}

/** @param {CanvasRenderingContext2D} context @param {number} size @param {Sources} tiles */
function drawOutlines(context, size, tiles) {
  const line = Math.max(2, size / 110);
  const inks = new Map([...TILE_COLOURS, OTHER_COLOUR].map((name) => [name, ink(name)]));
  tiles.sources.forEach((source, j) => {
    const { left, top, width, height } = tilePlace(j, tiles.across, size);
    context.strokeStyle = inks.get(tiles.colours.get(source) ?? OTHER_COLOUR) ?? "";
    context.lineWidth = line;
    context.strokeRect(left + line / 2 + 0.5, top + line / 2 + 0.5, width - line - 1, height - line - 1);
  });
}

/** @param {CanvasRenderingContext2D} context @param {number} size @param {Sheet} sheet @param {Sources} tiles */
function drawCollage(context, size, sheet, tiles) {
  const image = sheets.get(sheet);
  if (!image) return;
  context.imageSmoothingEnabled = false;
  tiles.sources.forEach((source, j) => {
    const [left, top] = cornerOf(sheet, source);
    const to = tilePlace(j, tiles.across, size), from = tilePlace(j, tiles.across, sheet.side);
    const start = tiles.mirrored[j] ? sheet.side - from.left - from.width : from.left; // of a mirror image, the other way round
    context.save();
    context.translate(tiles.mirrored[j] ? to.left + to.width : to.left, to.top);
    if (tiles.mirrored[j]) context.scale(-1, 1);
    context.drawImage(image, left + start, top + from.top, from.width, from.height, 0, 0, to.width, to.height);
    context.restore();
  });
}

/** The collage beside the images that it is made of. @param {Sources} tiles @param {Run} run @param {number} i */
function collageBlock(tiles, run, i) {
  const { train, ids } = SUBSETS[run.subset], size = wholeSize(run.sheet, 168);
  const canvas = canvasFor("the closest tiles put together", size);
  drawCollage(contextOf(canvas), size, train, tiles);
  const residual = `at ${said(sampleValue(run, "collage_residual", i))} from the sample`;
  const key = (/** @type {string} */ colour) => el("span", { class: "key", style: `background:var(${colour})` });
  const items = tiles.coloured.map(([source, number]) => el("li", {},
    picture(train, source, "", false, 56), key(tiles.colours.get(source) ?? OTHER_COLOUR),
    el("span", {}, `${plural(number, "tile", "tiles")} from ${ids[source]}`)));
  const rest = tiles.others.reduce((sum, [, number]) => sum + number, 0);
  const restWords = `${plural(rest, "tile", "tiles")} from ${tiles.others.length} others`;
  if (rest) items.push(el("li", {}, el("span", {}), key(OTHER_COLOUR), el("span", {}, restWords)));
  return el("div", { class: "large" },
    el("figure", {}, canvas, el("figcaption", {}, residual)),
    el("ul", { class: "sourcelist" }, items));
}
