"""Prints where the results of a campaign file lie, after `make demo`."""

import sys
from pathlib import Path

from creativity.campaign.layout import subset_names
from creativity.campaign.sections import Campaign
from creativity.campaign.validation import load, read, resolve_all
from creativity.errors import UserError


def resolved(name: str, campaign: Campaign) -> Campaign:
    """A campaign as it was run, with numbers of images where its file asks for as many as there are."""
    configuration = Path("results", name, "config.yaml")
    return load(configuration) if configuration.is_file() else campaign


def main() -> None:
    path = Path(sys.argv[1])
    try:
        campaigns = {name: resolved(name, campaign) for name, campaign in resolve_all(read(path), str(path)).items()}
    except UserError as error:
        sys.exit(str(error))
    for name, campaign in campaigns.items():
        print(f"\nPage      results/{name}/report.html   (open it in a browser)")
        print(f"Figures   results/{name}/figures/   (gallery-{subset_names(campaign)[0]}.html, ...)")
        print(f"Tables    results/{name}/measures.parquet, results/{name}/runs.parquet")
    print("MLflow    make ui, then open the link that it prints")


if __name__ == "__main__":
    main()
