"""Cuts the training and held-out images of one size and seed, disjoint from each other and from the reference."""

from pathlib import Path

from creativity import data, job
from creativity.config import Dataset, Subsets
from creativity.data.subset import cut_subset, read_pictures, write_pictures


def main() -> None:
    parser = job.parser(__doc__)
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--heldout", type=Path, required=True)
    args = parser.parse_args()
    dataset = job.settings(Dataset, args.params["dataset"])
    subsets = job.settings(Subsets, args.params["subsets"])
    reference = read_pictures(args.reference)
    size, seed = args.params["size"], args.params["seed"]
    train, heldout = cut_subset(data.load(dataset), dataset, subsets, reference, size, seed)
    stamp = job.stamp(args, [args.reference])
    write_pictures(args.train, train, stamp)
    write_pictures(args.heldout, heldout, stamp)


if __name__ == "__main__":
    job.run(main)
