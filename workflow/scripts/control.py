"""Makes the samples of a control: a set of images that plays a denoiser."""

from pathlib import Path

import numpy as np

from creativity import job, store
from creativity.controls import CONTROLS


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("train", "heldout", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    make = CONTROLS[args.params["control"]]
    images = make(store.units(args.train), store.units(args.heldout), args.params["seed"], args.params["count"])
    facts = {"status": "drawn", "parameters": None, "receptive_field": None}
    stamp = job.stamp(args, [args.train, args.heldout])
    store.write_samples(args.out, images, np.ones(len(images), dtype=bool), stamp, facts)


if __name__ == "__main__":
    job.run(main)
