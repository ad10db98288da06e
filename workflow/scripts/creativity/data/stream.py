"""Images read by several threads, in order, a few ahead of the one that is asked for: memory does not grow with their number."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from creativity.data.source import DataError, listing

AHEAD = 16  # images a thread that are read ahead
Item = TypeVar("Item")
Content = TypeVar("Content")


def read_ahead(
    items: Iterable[Item], read: Callable[[Item], Content], threads: int = 1
) -> Iterator[tuple[Item, Content | DataError]]:
    """Each item with what `read` makes of it, in order; or with the DataError that it raises."""

    def attempt(item: Item) -> Content | DataError:
        try:
            return read(item)
        except DataError as error:
            return error

    if threads == 1:
        yield from ((item, attempt(item)) for item in items)
        return
    waiting: deque[tuple[Item, Future[Content | DataError]]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for item in items:
                waiting.append((item, pool.submit(attempt, item)))
                if len(waiting) > AHEAD * threads:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            for _, future in waiting:
                future.cancel()


def in_order(items: Iterable[Item], read: Callable[[Item], Content], threads: int = 1) -> Iterator[Content]:
    """What `read` makes of each item, in order. Raises DataError once all are read, naming the first ten that failed."""
    broken: list[str] = []
    for _, content in read_ahead(items, read, threads):
        if isinstance(content, DataError):
            broken.append(str(content))
        elif not broken:
            yield content
    check_read(broken)


def check_read(broken: list[str]) -> None:
    """Raises DataError with what is said of the images that could not be read, of the first ten of them."""
    if len(broken) == 1:
        raise DataError(broken[0])
    if broken:
        told = [text.split("; allowed")[0] for text in broken]
        raise DataError(f"found {listing(told, 'unreadable image')}; allowed: whole image files.")
