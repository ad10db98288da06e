// The loss of each trained denoiser by noise level, on training images and on held-out ones.

function drawLosses() {
  const runs = RUNS.filter((run, index) => run.kind === "trained" && runShown(run, index) && Object.keys(run.losses).length);
  find("losses").hidden = !RUNS.some((run) => Object.keys(run.losses).length);
  const all = runs.flatMap((run) => Object.values(run.losses));
  const sigmas = all.flatMap(([sigma]) => sigma), losses = all.flatMap(([, loss]) => loss).filter((loss) => loss !== null);
  if (!sigmas.length) {
    find("loss-panels").replaceChildren(el("p", {}, "No trained denoiser among those shown."));
    return;
  }
  const most = Math.min(Math.max(1.1, ...losses), 3);
  const groups = groupBy(runs, (run) => (DATA.subsets.length > 1 ? `${run.denoiser} · ${run.subset}` : run.denoiser));
  find("loss-panels").replaceChildren(...[...groups].map(([name, members]) => lossPanel(name, members, sigmas, most)));
}

/** @param {string} name @param {Run[]} members @param {number[]} sigmas @param {number} most */
function lossPanel(name, members, sigmas, most) {
  const drawn = chart(`loss of ${name} by noise level`, noiseScale(sigmas), { domain: [0, most] }, 290, 160);
  drawn.svg.append(level(drawn, 1));
  for (const run of members) {
    for (const [split, [sigma, loss]] of Object.entries(run.losses)) {
      /** @type {[number, number][]} */
      const points = sigma.flatMap((at, j) => {
        const value = loss[j];
        return value === null ? [] : [[drawn.x(at), drawn.y(Math.min(value, most))]];
      });
      drawn.svg.append(line(points, cssColour(run), split === "train" ? undefined : "5 3"));
    }
  }
  return panelOf(name, drawn.svg);
}

/** @param {number[]} sigmas @returns {Scale} */
const noiseScale = (sigmas) => ({ domain: [Math.min(...sigmas), Math.max(...sigmas)], log: true, label: "noise level σ" });

painters.push((keys) => {
  if (touches(keys, "subset", "seed", "families", "size")) drawLosses();
});
