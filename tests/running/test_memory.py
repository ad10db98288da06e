import os
from pathlib import Path

import pytest

from creativity.running.memory import give_back


def resident():
    """Megabytes that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.skipif(not hasattr(os, "confstr") or "glibc" not in (os.confstr("CS_GNU_LIBC_VERSION") or ""), reason="another libc")
def test_what_is_freed_between_blocks_in_use_is_given_back():
    blocks = [bytearray(100_000) for _ in range(3000)]
    for block in blocks:
        block[::4096] = b"x" * len(block[::4096])  # touched, so that it is held
    del blocks[::2]
    before = resident()
    give_back()
    assert resident() < before - 100
    assert len(blocks) == 1500
