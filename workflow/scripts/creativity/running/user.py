"""The name of the user who runs the workflow."""

import getpass
import os


def user_name() -> str:
    """The name of this user, or "uid <number>" where the system knows none, as in a container that runs as a bare number."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
