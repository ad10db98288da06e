"""A made-up campaign on disk: the files of a real one, without training. Distances and tiles are true, the rest is drawn."""

import numpy as np
import pandas as pd
import yaml

from creativity import store
from creativity.campaign.layout import runs
from creativity.campaign.validation import plain, resolve
from creativity.measures.classes import NAMES
from creativity.measures.tables import SAMPLE_TABLE
from creativity.neighbours.search import search
from creativity.neighbours.tables import NEIGHBOURS, PROVENANCE, neighbour_rows, provenance_rows
from creativity.neighbours.tiles import trace
from creativity.store.weights import in_one, write_weights
from creativity.training import trainer as train

STAMP = store.Stamp("made-up", "0123456789abcdef", "code", "fedcba9876543210")
UNETS = {f"unet-pool{p}": {"family": "unet", "pooling": p, "width": 4} for p in (0, 1, 2)}


def campaign(root, denoisers=None, count=12, size=8, n=20, seeds=(0,), sizes=None, color=False):
    """Writes all files of a complete campaign to `root` and returns its configuration."""
    made = resolve(
        {
            "campaign": root.name,
            "dataset": {"name": "orl-faces", "size": size, "color": color},
            "subsets": {"sizes": list(sizes or [n]), "heldout": count, "reference": 40},
            "denoisers": denoisers or {"bayes": {"family": "bayes"}, **UNETS},
            "seeds": list(seeds),
            "sampling": {"count": count, "steps": 4},
        },
        "made-up",
    )
    rng = np.random.default_rng(0)
    root.mkdir(parents=True, exist_ok=True)
    (root / "config.yaml").write_text(yaml.safe_dump(plain(made)))
    reference = images(rng, 40, made)
    write_set(root / "reference.parquet", reference)
    errors = np.log(0.02 * (1 + rng.random((2, 40))))
    write_weights(root / "judge.safetensors", in_one({"0": {"errors": errors}}), {})
    train_sets = {}
    for run in runs(made):
        if run.subset not in train_sets:
            train_sets[run.subset] = images(rng, run.n, made)
            write_set(root / "subsets" / run.subset / "train.parquet", train_sets[run.subset])
        write_run(root, run, made, train_sets[run.subset], reference, rng)
    return made


def images(rng, count, made):
    """Smooth pictures, as uint8 [n, c, h, w]."""
    size, channels = made.dataset.size, 3 if made.dataset.color else 1
    coarse = rng.integers(0, 255, (count, channels, size // 4, size // 4)).astype(np.uint8)
    return coarse.repeat(4, axis=2).repeat(4, axis=3)


def write_set(path, pictures):
    path.parent.mkdir(parents=True, exist_ok=True)
    ids = [f"{path.stem}/{i}" for i in range(len(pictures))]
    store.write_images(path, {"id": ids, "sha256": ids, "label": [None] * len(ids)}, pictures, STAMP)


def write_run(root, run, made, known, reference, rng):
    folder = run.file(root, "x").parent
    folder.mkdir(parents=True, exist_ok=True)
    count, units = made.sampling.count, store.to_unit(known)
    away = 0.01 + 0.6 * rng.random()
    samples = units[rng.integers(len(units), size=count)] + away * rng.standard_normal((count, *units.shape[1:]))
    samples = samples.astype(np.float32)
    facts = {"status": "trained", "parameters": 1000, "receptive_field": 5 + 2 * run.config.get("pooling", 0)}
    store.write_samples(folder / "samples.parquet", samples, np.ones(count, dtype=bool), STAMP, facts)
    ids = [f"train/{i}" for i in range(len(known))]
    found = search(samples, units, {}, "pixel", made.neighbours.k, True)
    keys = [(i,) for i in range(count)]
    store.write(folder / "neighbours.parquet", NEIGHBOURS, neighbour_rows(keys, "pixel", found, ids), STAMP)
    places = provenance_rows(np.arange(count), trace(samples, units, made.tile), ids)
    store.write(folder / "provenance.parquet", PROVENANCE, places, STAMP)
    columns = {
        "nearest_distance": found.distances[:, 0],
        "gap_ratio": found.distances[:, 0] / found.distances[:, 1],
        "reference_distance": 1 + rng.random(count),
        "denoising_error": 0.1 + 0.1 * rng.random(count),
    }
    classes = [NAMES[int(4 * value)] for value in rng.random(count)]
    rows = [(i, name, "pixel", float(column[i]), None) for name, column in columns.items() for i in range(count)]
    rows += [(i, "class", "pixel", None, text) for i, text in enumerate(classes)]
    store.write(folder / "sample_measures.parquet", SAMPLE_TABLE, rows, STAMP)
    middle = {name: float(np.median(column)) for name, column in columns.items()} | {"finite": 1.0, "memorised": 0.25}
    middle |= {f"class_{name.replace(' ', '_')}": classes.count(name) / count for name in NAMES}
    measures = [(name, "pixel", value, 0.9 * value, 1.1 * value, count) for name, value in middle.items()]
    store.write(folder / "measures.parquet", store.MEASURE, measures, STAMP)
    if run.kind == "trained":
        (folder / "model.safetensors").write_bytes(b"weights")
        bins = [(9, split, 0.1 * 4**i, 0.1 * 4 ** (i + 1), 0.5) for split in ("train", "heldout") for i in range(4)]
        store.write(folder / "losses.parquet", train.LOSSES, bins, STAMP)
        history = pd.DataFrame({"step": [1, 9], "images_seen": [8, 72], "seconds": [0.1, 2.5], "loss": [1.0, 0.5]})
        history.assign(learning_rate=0.1, grad_norm=1.0).to_parquet(folder / "history.parquet")


def diverge(root, run):
    """What a diverged training leaves: the same files, without a row downstream."""
    folder = run.file(root, "x").parent
    facts = {"status": "diverged", "parameters": 1000, "receptive_field": 5}
    shape = store.pictures(store.read(folder / "samples.parquet")).shape[1:]
    store.write_samples(folder / "samples.parquet", np.zeros((0, *shape), np.float32), np.zeros(0, dtype=bool), STAMP, facts)
    tables = {"neighbours": NEIGHBOURS, "provenance": PROVENANCE, "sample_measures": SAMPLE_TABLE, "measures": store.MEASURE}
    for name, columns in tables.items():
        store.write(folder / f"{name}.parquet", columns, [], STAMP)


def crash(root, run, said="RuntimeError: out of memory"):
    """What a crashed training leaves: nothing but its log."""
    for path in run.file(root, "x").parent.iterdir():
        path.unlink()
    log = root / "logs" / "train" / f"{run.subset}-{run.denoiser}-{run.seed}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(f"Traceback (most recent call last):\n{said}\n")


def table(root, name, columns, rows):
    """A table of the whole campaign; columns: of one of the table's schemas."""
    store.write(root / f"{name}.parquet", columns, rows, STAMP)
