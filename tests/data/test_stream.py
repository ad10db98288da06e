"""Images are read a few ahead, in order, whatever the number of threads."""

import pytest

from creativity.data.source import DataError
from creativity.data.stream import AHEAD, in_order, read_ahead


@pytest.mark.parametrize("threads", [1, 4])
def test_the_order_is_kept_and_few_are_read_ahead(threads):
    asked = []

    def items():
        for i in range(10_000):
            asked.append(i)
            yield i

    stream = read_ahead(items(), lambda i: i * i, threads)
    assert [next(stream) for _ in range(50)] == [(i, i * i) for i in range(50)]
    assert len(asked) <= 50 + AHEAD * threads + 1
    stream.close()


@pytest.mark.parametrize("threads", [1, 4])
def test_failures_are_told_together_once_all_are_read(threads):
    def read(i):
        if i in (3, 7):
            raise DataError(f"{i}.png: found no readable image; allowed: a whole image file.")
        return i

    stream = in_order(range(20), read, threads)
    assert [next(stream) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(DataError, match=r"^found 2 unreadable images: 3.png: found no readable image, 7.png: .*; allowed: whole"):
        list(stream)
