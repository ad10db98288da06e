"""Asks the judge of realism about each finite sample of a run."""

from pathlib import Path

import torch

from creativity import store
from creativity.campaign.sections import Judge
from creativity.denoisers.state import load_state
from creativity.measures.judges import JUDGED
from creativity.running.device import use
from creativity.running.job import Job
from creativity.store.weights import by_part
from creativity.training.judge import judged as ask


def judge(job: Job, *, samples: Path, reference: Path, networks: Path, judged: Path) -> None:
    config, device, table = job.section(Judge, "judge"), use(job), store.read(samples)
    finite = table["finite"].to_numpy()
    images = torch.from_numpy(store.pictures(table, samples)[finite]).to(device)
    parts = list(by_part(load_state(networks)).values())
    rows: list[tuple[int, float, float]] = []
    if len(images):
        real = store.units(reference)
        percentiles, denoising_errors = ask(parts, config, images, real, job.settings["mirrored"])
        numbers = table["sample"].to_numpy()[finite].tolist()
        rows = list(zip(numbers, percentiles.tolist(), denoising_errors.tolist(), strict=True))
    store.forget_states(networks.parent)
    store.write(judged, JUDGED, rows, job.stamp([samples, reference, networks]))
