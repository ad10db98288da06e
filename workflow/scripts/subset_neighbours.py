"""Finds the nearest training images of every real image, and counts near-duplicates on all sides."""

from pathlib import Path

from creativity import job, store
from creativity.measures.novelty import near_duplicates
from creativity.neighbours import SUBSET_NEIGHBOURS, neighbour_rows, product_on, search
from creativity.types import Values


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("train", "heldout", "reference", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()
    product = product_on(args.device)
    sides = {"train": args.train, "heldout": args.heldout, "reference": args.reference}
    train, reference, ids = store.units(args.train), store.units(args.reference), store.ids(args.train)
    k, mirrored = args.params["k"], args.params["mirrored"]
    rows: list[tuple] = []
    nearest: dict[str, Values] = {}
    for space in args.params["spaces"]:
        for side, path in sides.items():
            found = search(store.units(path), train, reference, space, k, mirrored, side == "train", product)
            rows += neighbour_rows([(side, id_) for id_ in store.ids(path)], space, found, ids)
            if space == "pixel":
                nearest[side] = found.distances[:, 0]
    counts = near_duplicates(nearest)
    told = ", ".join(f"{count} in {side}" for side, count in counts.items())
    job.log.info("near-duplicates of training images, mirrored ones %scounted: %s", "" if mirrored else "not ", told)
    facts = {f"near_duplicates_{side}": str(count) for side, count in counts.items()}
    store.write(args.out, SUBSET_NEIGHBOURS, rows, job.stamp(args, list(sides.values())), **facts)


if __name__ == "__main__":
    job.run(main)
