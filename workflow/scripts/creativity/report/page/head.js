// The words at the top of the page and at its end: what was sampled, how, and by which code.

function drawHead() {
  const { campaign, study, sampling, heldout, reference } = DATA;
  document.title = `${campaign}: copied or created?`;
  if (study !== null) find("kicker").append(" Part of the study ", el("a", { href: `../${study}/report.html` }, study), ".");
  find("headline").textContent = campaign;
  find("lede").textContent = ledeText();
  const commits = [...new Set(RUNS.map((run) => run.commit).filter((commit) => commit !== null))];
  const short = commits.map((commit) => commit.slice(0, 10)).join(", ");
  find("made").textContent = `Samples drawn with ${sampling.sampler}, ${sampling.steps} steps, noise seed ${sampling.seed}; `
    + `measured against ${heldout} held-out and ${reference} reference images. `
    + `Code at ${plural(commits.length, "commit", "commits")}: ${short || "unknown"}.`;
  drawContents();
}

function ledeText() {
  const { dataset } = DATA, sizes = [...new Set(DATA.subsets.map((subset) => subset.n))];
  const own = denoisersOf("trained", "closed form"), other = denoisersOf("external");
  const shuffled = dataset.shuffle === null ? "" : ", all with their pixels shuffled by one fixed permutation";
  const who = [own ? plural(own, "denoiser", "denoisers") : "", other ? plural(other, "other model", "other models") : ""];
  return `${who.filter(Boolean).join(" and ")} on ${sizes.join(" and ")} training images of ${dataset.name} `
    + `at ${dataset.size} × ${dataset.size}${shuffled}, ${samplesInWords()} samples each${own ? " from the same noise" : ""}, `
    + "beside controls whose answer is known. Distances are Euclidean over pixel values in −1..1"
    + `${DATA.mirrored ? "; mirror images of the training set count too" : ""}.`;
}

/** How many samples a run has. @type {() => string} */
const samplesInWords = () => [...new Set(DATA.counts)].join(" to ");

/** How many denoisers there are of some kinds. @type {(...kinds: string[]) => number} */
const denoisersOf = (...kinds) => new Set(RUNS.filter((run) => kinds.includes(run.kind)).map((run) => run.denoiser)).size;

/** Links to the sections that there are. */
function drawContents() {
  const sections = [...document.querySelectorAll("main > section:not([hidden], #state)")];
  find("contents").replaceChildren(...sections.map((section) =>
    el("a", { href: `#${section.id}` }, inside(section, "h2").textContent)));
}
