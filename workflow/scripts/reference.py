"""Cuts the reference images out of a data set, one choice for a whole campaign."""

from pathlib import Path

from creativity import data, job
from creativity.config import Dataset, Subsets
from creativity.data.subset import cut_reference, write_pictures


def main() -> None:
    parser = job.parser(__doc__)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    dataset = job.settings(Dataset, args.params["dataset"])
    subsets = job.settings(Subsets, args.params["subsets"])
    write_pictures(args.out, cut_reference(data.load(dataset), dataset, subsets), job.stamp(args))


if __name__ == "__main__":
    job.run(main)
