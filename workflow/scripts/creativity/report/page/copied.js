// The most copied training images of a run, beside the surest copy of each, and whether isolated or prototypical ones come first.

let copiedRun = -1; // by index; -1: the first that copies

/** The runs shown that copy. */
const copying = () => RUNS.flatMap((run, index) => (runShown(run, index) && run.copied.length ? [index] : []));

function drawCopied() {
  find("copied").hidden = !RUNS.some((run) => run.copied.length) && !DATA.tables.copied_first;
  const indices = copying(), first = indices.find((index) => RUNS[index].kind !== "control") ?? indices[0];
  const index = indices.includes(copiedRun) ? copiedRun : first;
  const choose = (/** @type {string} */ text) => {
    copiedRun = Number(text);
    drawCopied();
  };
  find("copied-form").replaceChildren(index === undefined ? "No run shown has copies."
    : choice("run", indices, index, choose, (at) => nameOf(RUNS[at])));
  find("copied-images").replaceChildren(...(index === undefined ? [] : copiedBlock(index)));
}

/** @param {number} index */
function copiedBlock(index) {
  const run = RUNS[index];
  const words = `Shown: ${run.copied.length} of ${plural(run.copied_images, "training image", "training images")} that `
    + `${plural(run.copies, "sample copies", "samples copy")}, of ${run.total.toLocaleString("en")} samples.`;
  return [el("p", { class: "keys" }, words), el("div", { class: "copied" }, run.copied.map((image) => copiedFigure(index, image)))];
}

/** @param {number} index @param {Copied} image */
function copiedFigure(index, [source, copies, place, isolation, duplicates, label]) {
  const run = RUNS[index], { train, ids } = SUBSETS[run.subset];
  const look = () => {
    if (place !== null) update({ pin: [index, place], focus: [index, place], hover: null });
    find("explorer").scrollIntoView();
  };
  const facts = [plural(copies, "copy", "copies"), `isolation ${said(isolation)}`];
  if (duplicates > 1) facts.push(`stands ${duplicates} times`);
  return el("figure", {},
    el("div", { class: "couple" }, picture(train, source, `training image ${ids[source]}`),
      place === null ? null : el("button", { type: "button", title: "Look at this sample", onclick: look },
        picture(run.sheet, place, `its surest copy, noise ${run.noises[place]}`))),
    el("figcaption", {}, el("b", {}, facts.join(" · ")), ` ${ids[source]}${label === null ? "" : ` (${label})`}`));
}

painters.push((keys) => {
  if (touches(keys, "subset", "seed", "families", "axis", "pictures", "scheme")) drawCopied();
});
