"""Writes workflow/schemas/config.schema.yaml from creativity/campaign/ and creativity/families/."""

from pathlib import Path

import yaml

from creativity.campaign.validation import schema

PATH = Path(__file__).parent.parent / "workflow" / "schemas" / "config.schema.yaml"


def text() -> str:
    head = "# Written by `make schema` from creativity/campaign/sections.py and creativity/families/; do not edit.\n"
    return head + yaml.safe_dump(schema(), sort_keys=False, width=120)


if __name__ == "__main__":
    PATH.write_text(text())
