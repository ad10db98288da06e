"""How long the job `report` takes at size, and how large its page is, of campaigns whose tables are written without any training.

python benchmarks/page.py /tmp/pages large    # 50,000 training images, 10,000 held-out, 10,000 of the reference, 10,000 samples
python benchmarks/page.py /tmp/pages many     # 500 runs of 100 samples
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import yaml
from rounds import record, unpaired_row

SCRIPTS = Path(__file__).parents[1] / "workflow/scripts"
sys.path.insert(0, str(SCRIPTS))

from creativity import store  # noqa: E402
from creativity.campaign.layout import Run, runs, subset_names  # noqa: E402
from creativity.campaign.sections import Campaign  # noqa: E402
from creativity.campaign.validation import plain, resolve  # noqa: E402
from creativity.laws.table import LAW  # noqa: E402
from creativity.measures.claims import CLAIMS  # noqa: E402
from creativity.measures.classes import COLLAGE, COLLAGES, NAMES  # noqa: E402
from creativity.measures.pairs import PAIRS  # noqa: E402
from creativity.measures.registry import EACH, SAMPLE_MEASURES, SET_MEASURES  # noqa: E402
from creativity.measures.tables import SAMPLE_TABLE  # noqa: E402
from creativity.neighbours.tables import NEIGHBOURS, PROVENANCE  # noqa: E402
from creativity.store.tables import save  # noqa: E402
from creativity.store.weights import in_one, write_weights  # noqa: E402
from creativity.training.trainer import HISTORY, LOSSES  # noqa: E402

STAMP = store.Stamp("page", "0123456789abcdef", "code", "fedcba9876543210")
SPACES = ("pixel", "pca", "aligned", "halves")
TILES = 4  # a side
SIZES = {  # images, held-out and reference images, samples; seeds of training; networks
    "large": {"n": 50_000, "others": 10_000, "count": 10_000, "seeds": 1, "networks": 6},
    "many": {"n": 200, "others": 100, "count": 100, "seeds": 5, "networks": 98},
}


def campaign(root: Path, n: int, others: int, count: int, seeds: int, networks: int) -> Campaign:
    """Writes all files of a complete campaign."""
    unets = {f"unet-w{4 + i}": {"family": "unet", "pooling": i % 3, "width": 4 + i} for i in range(networks)}
    made = resolve(
        {
            "campaign": root.name,
            "dataset": {"name": "cifar10", "path": ".", "size": 32, "color": True},
            "subsets": {"sizes": [n], "heldout": others, "reference": others},
            "denoisers": {"bayes": {"family": "bayes"}, **unets},
            "seeds": list(range(seeds)),
            "sampling": {"count": count},
        },
        "benchmark",
    )
    rng = np.random.default_rng(0)
    root.mkdir(parents=True, exist_ok=True)
    (root / "config.yaml").write_text(yaml.safe_dump(plain(made)), encoding="utf-8")
    (root / "settings.yaml").write_text(json.dumps(plain(made)), encoding="utf-8")
    write_weights(root / "judge.safetensors", in_one({"0": {"errors": np.log(0.1 + 0.1 * rng.random((2, others)))}}), {})
    for subset in subset_names(made):
        for name, number in (("train", n), ("heldout", others)):
            write_set(root / f"subsets/{subset}/{name}.parquet", number, rng)
    for run in runs(made):
        write_run(root, run, count, rng)
    write_tables(root, runs(made), count)
    return made


def pictures(rng: np.random.Generator, count: int) -> np.ndarray:
    """Pictures of 8 x 8 squares, uint8 [n, 3, 32, 32]."""
    coarse = rng.integers(0, 255, (count, 3, 8, 8)).astype(np.uint8)
    return coarse.repeat(4, axis=2).repeat(4, axis=3)


def write_set(path: Path, count: int, rng: np.random.Generator) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    ids = [f"{path.stem}/{i:05}.png" for i in range(count)]
    store.write_images(path, {"id": ids, "sha256": ids, "label": [str(i % 10) for i in range(count)]}, pictures(rng, count), STAMP)


def words(names: Iterable[str], places: np.ndarray) -> pa.Array:
    return pa.DictionaryArray.from_arrays(places.astype(np.int32), pa.array(list(names), store.TEXT)).cast(store.TEXT)


def write(path: Path, types: dict[str, Any], columns: dict[str, Any]) -> None:
    arrays = [pa.array(columns[name], type=kind) for name, kind in types.items()]
    save(path, pa.table(arrays, names=list(types)), STAMP, {})


def write_run(root: Path, run: Run, count: int, rng: np.random.Generator) -> None:
    folder = run.file(root, "x").parent
    folder.mkdir(parents=True, exist_ok=True)
    facts = {"status": "trained", "parameters": 1000 * run.config.get("width", 1), "receptive_field": None}
    samples = store.to_unit(pictures(rng, count))
    store.write_samples(folder / "samples.parquet", samples, np.ones(count, dtype=bool), STAMP, facts)
    away = np.exp(rng.normal(size=count)) * (1 + 5 * rng.random())
    write_neighbours(folder, run.n, away, rng)
    write_measures(folder, count, away, rng)
    if run.kind == "trained":
        (folder / "model.safetensors").write_bytes(b"weights")
        bins = [(9, split, 0.1 * 2**i, 0.1 * 2 ** (i + 1), 0.5) for split in ("train", "heldout") for i in range(10)]
        store.write(folder / "losses.parquet", LOSSES, bins, STAMP)
        store.write(folder / "history.parquet", HISTORY, [(step, 8 * step, 0.1 * step, 0.5, 0.1, 1.0) for step in (1, 9)], STAMP)


def write_neighbours(folder: Path, n: int, away: np.ndarray, rng: np.random.Generator) -> None:
    count, k = len(away), 5
    ids, rows = [f"train/{i:05}.png" for i in range(n)], count * k * len(SPACES)
    distances = np.tile((away[:, None] * (1 + 0.1 * np.arange(k))).ravel(), len(SPACES))
    columns = {
        "sample": np.tile(np.repeat(np.arange(count), k), len(SPACES)),
        "space": words(SPACES, np.repeat(np.arange(len(SPACES)), count * k)),
        "rank": np.tile(np.arange(1, k + 1), count * len(SPACES)),
        "neighbour": words(ids, rng.integers(0, n, rows)),
        "mirrored": rng.random(rows) < 0.5,
        "distance": distances,
    }
    write(folder / "neighbours.parquet", NEIGHBOURS, columns)
    tiles = TILES**2
    places = {
        "sample": np.repeat(np.arange(count), tiles),
        "row": np.tile(np.repeat(np.arange(TILES), TILES), count),
        "col": np.tile(np.arange(TILES), TILES * count),
        "source": words(ids, rng.integers(0, n, count * tiles)),
        "distance": rng.random(count * tiles),
        "mirrored": rng.random(count * tiles) < 0.5,
    }
    write(folder / "provenance.parquet", PROVENANCE, places)


def write_measures(folder: Path, count: int, away: np.ndarray, rng: np.random.Generator) -> None:
    """Each sample's measures; classes by the distance to the training images, so that a page has something to choose."""
    order = np.argsort(np.argsort(away)) / count
    kinds = np.searchsorted([0.2, 0.4, 0.8], order, side="right")
    asked = [(m.name, space) for m in SAMPLE_MEASURES for space in (SPACES if m.space == EACH else (m.space,)) if not m.by_critics]
    columns = [away * (1 + i / 10) if name == "nearest_distance" else rng.random(count) for i, (name, _) in enumerate(asked)]
    columns[asked.index(("p_copy", "pixel"))] = order
    is_collage = np.flatnonzero(np.array(NAMES)[kinds] == COLLAGE)
    number = len(asked)
    texts = [words(NAMES, kinds), words(COLLAGES, is_collage % 2)]
    empty = pa.nulls(number * count, store.TEXT)
    names = [name for name, _ in asked] + ["class", "collage"]
    spaces = [space for _, space in asked] + ["pixel", "pixel"]
    lengths = [count] * (number + 1) + [len(is_collage)]
    which = np.repeat(np.arange(len(names)), lengths)
    table = {
        "sample": np.concatenate([np.tile(np.arange(count), number + 1), is_collage]),
        "measure": words(names, which),
        "space": words(spaces, which),
        "value": pa.concat_arrays([pa.array(np.concatenate(columns)), pa.nulls(count + len(is_collage), store.REAL)]),
        "text": pa.concat_arrays([empty, *texts]),
    }
    write(folder / "sample_measures.parquet", SAMPLE_TABLE, table)
    middle = {f"{name} {space}": float(np.median(column)) for (name, space), column in zip(asked, columns, strict=True)}
    middle |= {f"class_{name.replace(' ', '_')} pixel": float((kinds == i).mean()) for i, name in enumerate(NAMES)}
    middle |= {f"{m.name} {space}": 1 + float(rng.random()) for m in SET_MEASURES for space in ("pixel", "pca")}
    rows = [(*key.split(), value, 0.9 * value, 1.1 * value, count) for key, value in middle.items()]
    store.write(folder / "measures.parquet", store.MEASURE, rows, STAMP)


def write_tables(root: Path, all_runs: list[Run], count: int) -> None:
    """The tables that grow most: laws with runs, pairs and claims with pairs of denoisers."""
    first = {(run.denoiser, run.seed): run for run in all_runs if run.denoises}
    names = list(dict.fromkeys(name for name, _ in first))
    subset = all_runs[0].subset
    pairs = [
        (subset, a, seed, subset, b, seed, measure, None, 0.5, 0.4, 0.6, min(count, 100), 0)
        for seed in sorted({seed for _, seed in first})
        for i, a in enumerate(names)
        for b in names[i + 1 :]
        for measure in ("squared_correlation", "chance_squared_correlation", "determination", "distance")
    ]
    pairs += [
        (subset, name, seed, subset, "bayes", 0, "squared_correlation", 0.1 * 2**i, 0.5, 0.4, 0.6, 16, 0)
        for name, seed in first
        for i in range(10)
    ]
    store.write(root / "pairs.parquet", PAIRS, pairs, STAMP)
    measures = ("nearest_distance", "memorised", "heldout_percentile", "real", "class_copy", "class_new_and_real")
    claims = [
        (subset, a, b, measure, 0.1, 0.0, 0.2, 0.01 + i / 1000, 0.5, 5, count)
        for i, a in enumerate(names)
        for b in names[i + 1 :]
        for measure in measures
    ]
    store.write(root / "claims.parquet", CLAIMS, claims, STAMP)
    laws = [
        (*run.identity, "linear", "variance", mode, 1.0, 1.1, 0.9, 1.3, None, count) for run in first.values() for mode in range(64)
    ]
    store.write(root / "laws.parquet", store.RUN | LAW, laws, STAMP)


def report(root: Path) -> list[dict]:
    """Seconds and memory of the job, and the size of its page."""
    command = [sys.executable, str(SCRIPTS / "run.py"), "report", "--campaign", root.name, "--code", "code", "--settings", "{}"]
    command += ["--config", str(root / "config.yaml"), "--page", str(root / "report.html")]
    start = time.perf_counter()
    subprocess.run(command, check=True)
    seconds = time.perf_counter() - start
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    size = (root / "report.html").stat().st_size / 1e6
    return [
        unpaired_row("the job `report`", root.name, seconds, "s"),
        unpaired_row("memory of the job `report`", root.name, megabytes, "MB"),
        unpaired_row("size of the page", root.name, size, "MB"),
    ]


if __name__ == "__main__":
    for name in sys.argv[2:]:
        folder = Path(sys.argv[1]) / name
        if not (folder / "laws.parquet").exists():
            campaign(folder, **SIZES[name])
        record(report(folder))
