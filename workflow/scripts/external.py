"""Takes over images that another model generated as if they were samples, brought to the data set's size."""

from pathlib import Path

import numpy as np

from creativity import job, store
from creativity.config import Dataset
from creativity.data.external import load


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("path", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    dataset = job.settings(Dataset, args.params["dataset"])
    names, images = load(args.path.expanduser(), dataset, args.params["count"], args.params["seed"])
    facts = {"status": "given", "parameters": None, "receptive_field": None, "files": names}
    store.write_samples(args.out, store.to_unit(images), np.ones(len(images), dtype=bool), job.stamp(args), facts)


if __name__ == "__main__":
    job.run(main)
