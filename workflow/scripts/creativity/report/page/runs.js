// What can be asked of a run and of its samples: numbers, a place on the map, a name.

/** A measure of one sample; null where it has none. @type {(run: Run, name: string, i: number) => number | null} */
const sampleValue = (run, name, i) => run.values[name]?.[i] ?? null;

/** A measure of all samples of a run; null where it has none. @type {(run: Run, name: string) => number | null} */
const measured = (run, name) => run.measures[name]?.[0] ?? null;

/** Where a sample stands on the map. @param {Run} run @param {number} i @returns {[number, number] | null} */
function place(run, i) {
  const { novelty, realism } = SUBSETS[run.subset];
  const d1 = sampleValue(run, "nearest_distance", i);
  const error = sampleValue(run, "denoising_error", i);
  return d1 === null || error === null || !novelty || !realism ? null : [d1 / novelty, error / realism];
}

/** @param {Run} run */
function nameOf(run) {
  const parts = [run.denoiser];
  if (DATA.subsets.length > 1) parts.push(run.subset);
  if (SEEDS.length > 1 && run.kind === "trained") parts.push(`seed ${run.seed}`);
  return parts.join(" · ");
}

/** @param {Cell} cell */
const noiseOf = ([index, i]) => RUNS[index].noises[i];

/** What a sample is shown for: the kinds that it is of, with its rank. @param {Run} run @param {number} i */
function kindsOf(run, i) {
  return KINDS.flatMap((kind) => {
    const rank = run.kinds[kind]?.indexOf(i) ?? -1;
    return rank < 0 ? [] : [{ kind, rank }];
  });
}

/** A sample in words. @param {Cell} cell */
function describe([index, i]) {
  const run = RUNS[index], near = run.near[i];
  const nearest = near ? `, nearest training image ${SUBSETS[run.subset].ids[near[0][0]]} at ${said(near[1][0])}` : "";
  return `${nameOf(run)}, noise ${run.noises[i]}: ${run.class[i] ?? "not measured"}${nearest}`;
}

/** Why a run has no samples. @param {Run} run */
function why(run) {
  if (run.status === "diverged") return `no samples: training diverged${run.steps === null ? "" : ` at step ${run.steps}`}`;
  if (run.missing.length) return `not complete: ${missingFiles(run)} missing`;
  return "no samples";
}

/** @type {(run: Run) => string} */
const missingFiles = (run) => run.missing.map(({ file }) => file).join(", ");
