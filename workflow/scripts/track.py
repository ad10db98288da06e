"""Brings MLflow up to date with the results of a campaign."""

import json
from pathlib import Path

from creativity import job, store
from creativity.tracking import track


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("config", "out", "marker"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    ids = track(args.config.parent, args.params["uri"])
    store.write_text(args.out, json.dumps(ids, indent=1, sort_keys=True) + "\n")
    store.write_text(args.marker, f"{len(ids)} runs\n")


if __name__ == "__main__":
    job.run(main)
