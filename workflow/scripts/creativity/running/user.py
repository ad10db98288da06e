"""The name of the user who runs the workflow."""

import getpass
import os


def user_name() -> str:
    """The name of this user, or "uid <number>" where the system knows none, as in a container that runs as a bare number."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def name_the_user() -> None:
    """Gives a user whom the system does not know a name, for which Snakemake asks and without which it ends with an error."""
    os.environ.setdefault("LOGNAME", user_name())
