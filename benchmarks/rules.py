"""How each rule's time and memory grow with the training images: `python benchmarks/rules.py 100 1000 10000 100000`.

One campaign for each number, with 2000 other images and 1000 samples of somebody's model, closed forms and one small network, so
that every rule has its job; made-up colour images whose spectrum falls off as that of photographs does. Snakemake's benchmark
files say what each job used; the campaigns stay in results/growth-<number>.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from chain import job_table
from growth import exponent
from rounds import record, unpaired_row

ROOT = Path(__file__).parents[1]
SIDE, OTHERS, SAMPLES = 16, 2000, 1000
AT_ONCE = 10_000  # images
CAMPAIGN = """campaign: growth-{number}
dataset: {{name: image-folder, train: {folder}/train.npy, path: {folder}/other.npy, size: {side}, color: true}}
subsets: {{sizes: [all], heldout: 1000, reference: 1000}}
denoisers:
  theirs: {{family: external, path: {folder}/samples.npy}}
  bayes: {{family: bayes}}
  linear: {{family: linear}}
  mlp: {{family: mlp, width: 64, depth: 1}}
training: {{steps: 50, batch_size: 16, device: cpu}}
sampling: {{count: 100, steps: 5}}
judge: {{steps: 50, folds: 2, width: 8}}
"""


def fields(number: int, seed: int) -> np.ndarray:
    """Gaussian fields with the power 1 / f^2 of photographs (Field 1987), [number, side, side, 3] of bytes."""
    rng = np.random.default_rng(seed)
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(SIDE), np.fft.fftfreq(SIDE)))
    frequency[0, 0] = 1 / SIDE
    noise = rng.standard_normal((number, 3, SIDE, SIDE))
    images = np.fft.ifft2(np.fft.fft2(noise) / frequency).real
    images *= 50 / images.std(axis=(1, 2, 3), keepdims=True)
    return np.clip(images + 128, 0, 255).astype(np.uint8).transpose(0, 2, 3, 1)


def write(path: Path, number: int, seed: int) -> None:
    """A file of so many fields, made some at a time."""
    file = np.lib.format.open_memmap(path, "w+", np.uint8, (number, SIDE, SIDE, 3))
    for start in range(0, number, AT_ONCE):
        file[start : start + AT_ONCE] = fields(min(AT_ONCE, number - start), seed + start)


def used(number: int) -> pd.DataFrame:
    """Processor seconds of all jobs of each rule, and the megabytes of its largest, of a campaign with so many training images."""
    with tempfile.TemporaryDirectory() as folder:
        for name, count, seed in (("train", number, 1), ("other", OTHERS, 2), ("samples", SAMPLES, 3)):
            write(Path(folder) / f"{name}.npy", count, seed * 10**6)
        config = Path(folder) / "growth.yaml"
        config.write_text(CAMPAIGN.format(number=number, folder=folder, side=SIDE))
        command = ["snakemake", "--quiet", "--profile", "profiles/local", "--cores", "1", "--configfile", str(config)]
        subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=True)
    jobs = job_table(ROOT / f"results/growth-{number}/benchmarks")
    jobs["cpu_time"] = pd.to_numeric(jobs["cpu_time"], errors="coerce").fillna(0.0)  # NA: too short for Snakemake's clock
    return jobs.groupby("rule").agg(seconds=("cpu_time", "sum"), megabytes=("max_rss", "max"))


def main(numbers: list[int]) -> None:
    tables = {number: used(number) for number in numbers}
    for rule in tables[numbers[-1]].index:
        for column, unit in (("seconds", "s"), ("megabytes", "MB")):
            costs = [float(table[column].get(rule, 0.0)) for table in tables.values()]
            for number, cost in zip(numbers, costs, strict=True):
                record([unpaired_row(f"{column} of {rule}", f"images {number}", cost, unit)])
            if len(numbers) > 1:
                growth = exponent(numbers, costs)
                record([unpaired_row(f"growth of the {column} of {rule}", "images", growth, "exponent")])


if __name__ == "__main__":
    main(sorted(map(int, sys.argv[1:] or ("100", "1000", "10000"))))
