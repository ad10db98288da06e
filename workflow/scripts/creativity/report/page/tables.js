// Tables, the state of the campaign, and the words at the top.

function tableOf(columns, rows, caption, bad = () => false) {
  const body = el("tbody", {});
  const isNumber = (column) => rows.some((row) => typeof row[column] === "number") && rows.every((row) => row[column] === null || typeof row[column] === "number");
  const numeric = columns.map((_, i) => isNumber(i));
  const long = columns.map((_, i) => rows.some((row) => String(row[i] ?? "").length > 36));
  const write = (order) => body.replaceChildren(...order.map((row) => el("tr", { class: bad(row) ? "bad" : null },
    row.map((cell, i) => el("td", { class: numeric[i] ? "num" : long[i] ? "text" : null }, typeof cell === "boolean" ? (cell ? "yes" : "no") : said(cell, 4))))));
  const heads = columns.map((name, i) => {
    const th = el("th", { scope: "col", class: numeric[i] ? "num" : null });
    th.append(el("button", { type: "button", onclick: () => {
      const down = th.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      th.setAttribute("aria-sort", down ? "descending" : "ascending");
      const sign = down ? -1 : 1;
      write([...rows].sort((a, b) => sign * compareCells(a[i], b[i])));
    } }, name));
    return th;
  });
  write(rows);
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, el("table", {}, el("caption", {}, caption), el("thead", {}, el("tr", {}, heads)), body));
}

function compareCells(a, b) {
  if (a === null || b === null) return (a === null) - (b === null);
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
}

function optionsOf(run) {
  return Object.entries(run.config).filter(([key, option]) => key !== "family" && option !== null).map(([key, option]) => `${key} ${typeof option === "object" ? JSON.stringify(option) : option}`).join(", ");
}

function drawTables() {
  const rows = RUNS.map((run) => [
    run.denoiser, run.family, run.kind, run.subset, run.seed, run.status, optionsOf(run) || "–", run.parameters, run.receptive_field,
    run.seconds, measured(run, "nearest_distance:pixel"), measured(run, "memorised:pixel"), (run.commit ?? "–").slice(0, 10), run.key]);
  find("run-table").replaceChildren(tableOf(
    ["denoiser", "family", "kind", "subset", "seed", "status", "options", "parameters", "receptive field", "training, s", "d1, median", "memorised", "commit", "run key"],
    rows, "Every run, from copier to noise", (row) => ["missing", "incomplete", "diverged"].includes(row[5])));
  for (const [section, place, name] of [["phase", "phase-table", "phase"], ["claims", "claim-table", "claims"], ["controls", "control-table", "controls"]]) {
    const table = DATA.tables[name];
    find(section).hidden = !table;
    if (!table) continue;
    const held = table.columns.indexOf("held");
    find(place).replaceChildren(tableOf(table.columns.map((column) => column.replaceAll("_", " ")), table.rows, `${name}.parquet`, (row) => held >= 0 && row[held] === false));
  }
}

// What is missing, diverged or failed is said before anything else.
function drawNotices() {
  const notices = [];
  const missing = RUNS.filter((run) => run.missing.length), diverged = RUNS.filter((run) => run.status === "diverged");
  if (missing.length) {
    notices.push(el("div", { class: "notice bad" }, el("p", {}, el("b", {}, `${plural(missing.length, "run is", "runs are")} not complete.`), " What there is of them is shown; they are in no comparison they have no numbers for."),
      el("ul", {}, missing.map((run) => el("li", {}, el("code", {}, run.key), `: no ${run.missing.map((each) => each.file).join(", ")}`, causeOf(run.missing))))));
  }
  if (diverged.length) {
    notices.push(el("div", { class: "notice bad" }, el("p", {}, el("b", {}, `${plural(diverged.length, "training", "trainings")} diverged.`), " That is a result: they have no samples."),
      el("ul", {}, diverged.map((run) => el("li", {}, el("code", {}, run.key), run.steps === null ? "" : `: at step ${run.steps}`)))));
  }
  const broken = tableRows("controls").filter((row) => row.held === false);
  if (broken.length) {
    notices.push(el("div", { class: "notice bad" }, el("p", {}, el("b", {}, `${plural(broken.length, "control is", "controls are")} broken: believe no measure here.`)),
      el("ul", {}, broken.map((row) => el("li", {}, `${row.subset}: ${row.measure} of ${row.control} is ${said(row.value)} [${said(row.low)}, ${said(row.high)}], must be ${said(row.least)} to ${said(row.most)}`)))));
  }
  const partial = RUNS.filter((run) => measured(run, "finite:pixel") !== null && measured(run, "finite:pixel") < 1);
  if (partial.length) {
    notices.push(el("div", { class: "notice bad" }, el("p", {}, "Some samples are not finite and were left out: ", partial.map((run) => `${nameOf(run)} ${percent(1 - measured(run, "finite:pixel"))}`).join(", "), ".")));
  }
  const absent = [["laws", "no law to hold samples against"], ["pairs", "no comparison of pairs"]].filter(([name]) => !DATA.tables[name]).map(([, words]) => words);
  const complete = !missing.length && !diverged.length && !broken.length;
  const notes = [complete ? `All ${RUNS.length} runs are complete${DATA.tables.controls ? ", and every control is within its bounds" : ""}.` : null,
    !DATA.tables.controls ? "The controls were not checked yet." : null,
    absent.length ? `There is ${absent.join(" and ")} in this campaign.` : null,
    DATA.shown < DATA.count ? `The page carries the first ${DATA.shown} of ${DATA.count} samples of each run; all numbers but the map's and the filters' are over all.` : null,
    DATA.lossless ? null : "Pictures are compressed with loss; the tables hold the exact ones.",
    DATA.dataset.size > 96 ? "Pictures are shown at 96 × 96 pixels." : null].filter(Boolean);
  if (notes.length) notices.push(el("p", { class: "notice" }, notes.join(" ")));
  find("notices").replaceChildren(...notices);
}

function causeOf(missing) {
  const known = missing.find((each) => each.log);
  if (!known) return "; it has not run, or left no log.";
  return el("span", {}, "; see ", el("code", {}, known.log), known.said ? el("span", {}, ", which ends with ", el("code", {}, known.said)) : "");
}

function drawHead() {
  const names = (accept) => new Set(RUNS.filter(accept).map((run) => run.denoiser)).size;
  const own = names((run) => run.kind === "trained" || run.kind === "closed form"), other = names((run) => run.kind === "external");
  const who = [own ? plural(own, "denoiser", "denoisers") : null, other ? plural(other, "other model", "other models") : null].filter(Boolean).join(" and ");
  const sizes = [...new Set(DATA.subsets.map((subset) => subset.n))];
  find("headline").textContent = DATA.campaign;
  find("lede").textContent = `${who} on ${sizes.join(" and ")} training images of ${DATA.dataset.name} at ${DATA.dataset.size} × ${DATA.dataset.size}, `
    + `${DATA.count} samples each${own ? " from the same noise" : ""}, beside controls whose answer is known. Distances are Euclidean over pixel values in −1..1`
    + `${DATA.mirrored ? "; mirror images of the training set count too" : ""}.`;
  document.title = `${DATA.campaign}: copied or created?`;
  const commits = [...new Set(RUNS.map((run) => run.commit).filter(Boolean))];
  find("made").textContent = `Samples drawn with ${DATA.sampling.sampler}, ${DATA.sampling.steps} steps, noise seed ${DATA.sampling.seed}; measured against ${DATA.heldout} held-out and ${DATA.reference} reference images. `
    + `Code at ${plural(commits.length, "commit", "commits")}: ${commits.map((commit) => commit.slice(0, 10)).join(", ") || "unknown"}.`;
  find("contents").replaceChildren(...[...document.querySelectorAll("main > section")].filter((section) => !section.hidden && section.id !== "state")
    .map((section) => el("a", { href: `#${section.id}` }, section.querySelector("h2").textContent)));
}
