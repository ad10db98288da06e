// What is missing, diverged or failed, and where the judge is too weak to be believed, said before anything else.

function drawNotices() {
  const missing = RUNS.filter((run) => run.missing.length), diverged = RUNS.filter((run) => run.status === "diverged");
  const broken = tableRows("controls").filter((row) => row.held === false);
  const partial = RUNS.filter((run) => (measured(run, "escaped:pixel") ?? 0) > 0);
  const complete = !missing.length && !diverged.length && !broken.length, notes = notesOf(complete);
  const notices = [
    missing.length ? missingNotice(missing) : null,
    diverged.length ? divergedNotice(diverged) : null,
    broken.length ? brokenNotice(broken) : null,
    partial.length ? partialNotice(partial) : null,
    weakNotice(),
    notes.length ? el("p", { class: "notice" }, notes.join(" ")) : null,
  ];
  find("notices").replaceChildren(...notices.filter((notice) => notice !== null));
}

/** @type {(bold: string, rest: string, items: HTMLElement[]) => HTMLElement} */
const badNotice = (bold, rest, items) =>
  el("div", { class: "notice bad" }, el("p", {}, el("b", {}, bold), rest), el("ul", {}, items));

/** @param {Run[]} runs */
function missingNotice(runs) {
  const items = runs.map((run) => el("li", {}, el("code", {}, run.key), `: no ${missingFiles(run)}`, causeOf(run.missing)));
  const rest = " What there is of them is shown; they are in no comparison they have no numbers for.";
  return badNotice(`${plural(runs.length, "run is", "runs are")} not complete.`, rest, items);
}

/** Where the reason stands, and what it is. @param {MissingFile[]} missing */
function causeOf(missing) {
  const known = missing.find((file) => file.log);
  if (!known) return "; it has not run, or left no log.";
  return el("span", {}, "; see ", el("code", {}, known.log),
    known.said ? el("span", {}, ", which ends with ", el("code", {}, known.said)) : "");
}

/** @param {Run[]} runs */
function divergedNotice(runs) {
  const items = runs.map((run) => el("li", {}, el("code", {}, run.key), run.steps === null ? "" : `: at step ${run.steps}`));
  return badNotice(`${plural(runs.length, "training", "trainings")} diverged.`, " That is a result: they have no samples.", items);
}

/** @param {Row[]} rows */
function brokenNotice(rows) {
  const items = rows.map(({ subset, measure, control, value, low, high, least, most }) => el("li", {},
    `${subset}: ${measure} of ${control} is ${withInterval(value, low, high)}, must be ${said(least)} to ${said(most)}`));
  return badNotice(`${plural(rows.length, "control is", "controls are")} broken: believe no measure here.`, "", items);
}

/** @param {Run[]} runs */
function partialNotice(runs) {
  const shares = runs.map((run) => `${nameOf(run)} ${percent(measured(run, "escaped:pixel") ?? 0)}`).join(", ");
  const sentence = `Some samples escaped to infinity and are in no distance between sets: ${shares}.`;
  return el("div", { class: "notice bad" }, el("p", {}, sentence));
}

/** What the judge takes for real that is not, where it is much. */
function weakNotice() {
  const passed = RUNS.filter((run) => run.kind === "control" && DATA.unreal.includes(run.denoiser)
    && (measured(run, "real:pixel") ?? 0) > DATA.weak);
  if (!passed.length) return null;
  const shares = passed.map((run) => `${percent(measured(run, "real:pixel") ?? 0)} of ${nameOf(run)}`).join(", ");
  const rest = ` It takes ${shares} for real, which are not. Look at the samples.`;
  return badNotice("The judge of what is real says little here.", rest, []);
}

/** What else is to be known of the campaign and of the page. @param {boolean} complete */
function notesOf(complete) {
  const { laws, pairs, controls } = DATA.tables, notes = [], absent = [];
  if (complete) notes.push(`All ${RUNS.length} runs are complete${controls ? ", and every control is within its bounds" : ""}.`);
  if (!controls) notes.push("The controls were not checked yet.");
  if (!laws) absent.push("no law to hold samples against");
  if (!pairs) absent.push("no comparison of pairs");
  if (absent.length) notes.push(`There is ${absent.join(" and ")} in this campaign.`);
  if (!DATA.whole) {
    const shown = Math.max(...RUNS.map((run) => run.samples));
    notes.push(`Shown: at most ${shown.toLocaleString("en")} of ${samplesInWords()} samples of each run, those `
      + `that say most (${KINDS.join(", ")}) and those of some noises in common; numbers and counts are of all.`);
  }
  if (DATA.dataset.repeats) {
    notes.push("Images of this data set repeat: balls about those that stand six times are empty, so that precision, recall, "
      + "density and coverage are low for new real images, too; compare with held-out's.");
  }
  if (!DATA.lossless) notes.push("Pictures are compressed with loss; the tables hold the exact ones.");
  if (DATA.dataset.size > 96) notes.push("Pictures are shown at 96 × 96 pixels.");
  return notes;
}
