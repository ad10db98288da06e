import pytest
from checkout import copy_of_the_checkout


@pytest.fixture(scope="session")
def new_checkout(tmp_path_factory):
    return lambda: copy_of_the_checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="session")
def done(new_checkout):
    """A checkout in which the tiny campaign has run, with two seeds of training."""
    checkout = new_checkout()
    checkout.snakemake("--configfile", checkout.config(seeds=[0, 1]))
    return checkout
