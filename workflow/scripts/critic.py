"""Trains the critics of a campaign, which judge whether images are real."""

from pathlib import Path

import torch

from creativity import job, store
from creativity.config import Critic
from creativity.critic import fit
from creativity.denoisers.files import save_weights
from creativity.device import add_options, chosen


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("reference", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    add_options(parser)
    args = parser.parse_args()
    device = chosen(args)
    images = torch.from_numpy(store.units(args.reference)).to(device)
    weights = fit(images, job.settings(Critic, args.params["critic"]))
    save_weights(args.out, weights, job.stamp(args, [args.reference])._asdict())


if __name__ == "__main__":
    job.run(main)
