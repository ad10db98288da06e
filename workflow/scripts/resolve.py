"""Writes the resolved configuration beside the results."""

from pathlib import Path

import yaml

from creativity import job, store


def main() -> None:
    parser = job.parser(__doc__)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    store.write_text(args.out, yaml.safe_dump(args.params, sort_keys=False, allow_unicode=True))


if __name__ == "__main__":
    job.run(main)
