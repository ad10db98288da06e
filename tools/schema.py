"""Writes workflow/schemas/config.schema.yaml from the dataclasses of creativity/config.py."""

from pathlib import Path

import yaml

from creativity.campaign.validation import schema

PATH = Path(__file__).parent.parent / "schemas" / "config.schema.yaml"


def text() -> str:
    head = "# Written by `make schema` from workflow/scripts/creativity/config.py; do not edit.\n"
    return head + yaml.safe_dump(schema(), sort_keys=False, width=120)


if __name__ == "__main__":
    PATH.write_text(text())
