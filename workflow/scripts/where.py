"""Says where the results of a campaign are."""

import sys
from pathlib import Path

from creativity.errors import UserError
from creativity.layout import subset_names
from creativity.validate import read, resolve


def main() -> None:
    path = Path(sys.argv[1])
    try:
        campaign = resolve(read(path), str(path))
    except UserError as error:
        sys.exit(str(error))
    root = f"results/{campaign.campaign}"
    print(f"\nFigures   {root}/figures/   (begin with gallery-{subset_names(campaign)[0]}.html)")
    print(f"Tables    {root}/measures.parquet, {root}/runs.parquet")
    print("MLflow    make ui, then open http://127.0.0.1:5000")


if __name__ == "__main__":
    main()
