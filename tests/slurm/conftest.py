import os
import shutil
import signal

import cluster as slurm
import pytest


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """A Slurm of the tests' own, from the first of them to the last."""
    if os.geteuid() or not all(map(shutil.which, ("slurmctld", "slurmd", "munged"))):
        pytest.skip("needs root, and Debian's packages slurm-wlm and munge: make test-slurm installs them")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: pytest.exit("ended by a signal", returncode=1))  # what is below runs then, too
    running = slurm.start(tmp_path_factory.mktemp("slurm"))
    yield running
    slurm.stop(running)
