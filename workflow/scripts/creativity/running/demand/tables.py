"""What jobs need that read or write images, and that gather tables of all runs for summaries, figures and the page."""

from creativity.campaign.layout import FIGURES
from creativity.running.demand.asked import DOUBLE, SINGLE, Asked, Demand, mega, without_torch
from creativity.running.demand.comparisons import DISGUISED


def cutting(asked: Asked) -> Demand:
    """Images are read one by one; decoding takes 0.3 ms for a small one and 3 ms for a photograph."""
    images = asked.images - asked.campaign.sampling.count
    return without_torch(asked, 0.0005 * images, mega((0.35 * images + 2000) * asked.values, SINGLE))


def bringing(asked: Asked) -> Demand:
    """The samples of another model."""
    return without_torch(asked, 0.0007 * asked.samples, mega(2 * asked.samples * asked.values, SINGLE))


def controlling(asked: Asked) -> Demand:
    """Gaussian draws take the singular values of the training images, or the covariance of many and its root; all else is less."""
    n, values = asked.run.n, asked.values
    products = 8 * n**2 * values if n < values else n * values**2 / 2 + 4 * values**3
    memory = mega(4 * n * values, DOUBLE) if n < values else mega(3 * n * values, SINGLE) + mega(4 * values**2, DOUBLE)
    return without_torch(asked, products / asked.machine.core.product, memory)


def disguising(asked: Asked) -> Demand:
    """The training images are read, and some of them changed."""
    n, values = asked.run.n, asked.values
    return without_torch(asked, 1.0 + n * values / 1e8, mega((3 * n + 40 * min(n, DISGUISED)) * values, SINGLE))


def gathering(asked: Asked) -> Demand:
    """Tables of all runs: some 100 rows a run and sample are read."""
    rows = 100 * asked.all_samples
    return without_torch(asked, 0.012 * asked.runs + rows / 1e7, 50 + mega(2 * rows, DOUBLE))


def attributing(asked: Asked) -> Demand:
    """Those, and the training images in bytes, as they are read and as they are used, where near-duplicates are many."""
    tables, n = gathering(asked), asked.run.n
    return tables._replace(seconds=tables.seconds + n / 12_000, megabytes=tables.megabytes + mega(4 * n * asked.values, 1))


def pairing(asked: Asked) -> Demand:
    """Each two denoisers of a subset: six passes over at most 100 images of each."""
    subsets = len(asked.campaign.subsets.sizes) * len(asked.campaign.subsets.seeds)
    pairs = asked.runs**2 / subsets / 2
    return without_torch(
        asked, gathering(asked).seconds + pairs * (0.001 + 6e-9 * 100 * asked.values), 1e-6 * 800 * asked.runs * asked.values
    )


def page(asked: Asked) -> Demand:
    """The page holds pictures of the samples."""
    tables = gathering(asked)
    pictures = min(asked.all_samples, 20_000) * asked.values
    return Demand(tables.seconds + 4e-7 * pictures, tables.megabytes + mega(4 * pictures, SINGLE))


def drawing(asked: Asked, figures: int = 1) -> Demand:
    """Figures, from tables of all runs: each takes about half as long as a process takes to start."""
    tables = gathering(asked)
    return Demand(tables.seconds + (0.9 + 0.6 * figures) * asked.machine.core.start, 440 + 15 * figures)


def drawing_a_subset(asked: Asked) -> Demand:
    return drawing(asked, len(FIGURES))


def tracking(asked: Asked) -> Demand:
    """MLflow starts, and is given the figures and tables of each run."""
    tables, samples = gathering(asked), asked.all_samples
    seconds = tables.seconds + 2 * asked.machine.core.start + 0.1 * asked.runs + 6e-4 * samples
    return Demand(seconds, tables.megabytes + 150 + 0.03 * samples)
