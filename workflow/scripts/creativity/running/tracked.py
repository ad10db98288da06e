"""Whether MLflow's store still shows a campaign, asked before each run without importing MLflow."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

PATIENCE = 1.0  # seconds in which a store that another process writes to may be free


def is_shown(path: Path, campaign: str) -> bool:
    """Whether the SQLite store at this path has the campaign's experiment, and it was not deleted in MLflow.

    True where that cannot be read, so that what is not known deletes nothing: the job that tracks says what is wrong.
    """
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=PATIENCE)) as store:
            rows = store.execute("SELECT lifecycle_stage FROM experiments WHERE name = ?", [campaign]).fetchall()
    except sqlite3.Error:
        return True
    return ("active",) in rows
