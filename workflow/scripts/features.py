"""Brings the images of one file into the features of a network that others trained."""

import hashlib
from pathlib import Path

from creativity import features, job, store
from creativity.device import add_options, chosen


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("images", "weights", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    add_options(parser)
    args = parser.parse_args()
    device, table = chosen(args), store.read(args.images)
    images = store.images(table)
    pictures = images[table["finite"].to_numpy()] if "finite" in table.column_names else store.to_unit(images)
    net = features.load(args.params["extractor"], args.weights, device)
    found = features.extract(net, pictures, device)
    with args.weights.open("rb") as file:
        args.params["weights"] = hashlib.file_digest(file, "sha256").hexdigest()
    store.write_features(args.out, args.params["extractor"], found, job.stamp(args, [args.images]))


if __name__ == "__main__":
    job.run(main)
