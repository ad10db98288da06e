// Pictures of samples and of training images, cut from the contact sheets that the page carries.

/** @type {Map<Sheet, HTMLImageElement | null>} */
const sheets = new Map(); // null until it can be drawn

/** @param {Sheet} sheet */
function loadSheet(sheet) {
  if (!sheet.uri || sheets.has(sheet)) return;
  sheets.set(sheet, null);
  const image = new Image();
  image.src = sheet.uri;
  image.decode().then(() => {
    sheets.set(sheet, image);
    update({ pictures: true });
  });
}

/** Where a picture begins on its sheet. @param {Sheet} sheet @param {number} i @returns {[number, number]} */
const cornerOf = (sheet, i) => [(i % sheet.columns) * sheet.side, Math.floor(i / sheet.columns) * sheet.side];

/**
 * Draws a picture; false where its sheet is not there yet.
 * @param {CanvasRenderingContext2D} context
 * @param {Sheet} sheet
 * @param {number} i
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {boolean | number} mirrored
 */
function drawPicture(context, sheet, i, x, y, size, mirrored = false) {
  const image = sheets.get(sheet);
  if (!image) return false;
  const side = sheet.side;
  context.save();
  context.imageSmoothingEnabled = size * devicePixelRatio < side;
  if (mirrored) {
    context.translate(2 * x + size, 0);
    context.scale(-1, 1);
  }
  context.drawImage(image, ...cornerOf(sheet, i), side, side, x, y, size, size);
  context.restore();
  return true;
}

/** An empty canvas that a reader of the screen can name. @param {string} label @param {number} size */
function canvasFor(label, size) {
  return el("canvas", { width: size, height: size, role: "img", "aria-label": label });
}

/** The least multiple of a picture's side that is not below what is aimed at. @type {(sheet: Sheet, aim: number) => number} */
const wholeSize = (sheet, aim) => sheet.side * Math.max(1, Math.ceil(aim / sheet.side));

/** A picture as an element. @param {Sheet} sheet @param {number} i @param {string} label @param {boolean | number} mirrored */
function picture(sheet, i, label, mirrored = false, size = wholeSize(sheet, 96)) {
  const canvas = canvasFor(label, size);
  drawPicture(contextOf(canvas), sheet, i, 0, 0, size, mirrored);
  return canvas;
}
