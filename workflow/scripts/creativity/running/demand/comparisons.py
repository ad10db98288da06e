"""What jobs need that compare images: searches for neighbours, distances of sets, laws."""

from creativity.campaign.layout import laws_of
from creativity.running.demand.asked import DOUBLE, SINGLE, Asked, Demand, mega, without_torch

COMPARED_IN_ALL_VIEWS = 512  # training images at most that are: `neighbours.spaces.aligned.ALL`
DISGUISED = 200  # training images at most that are disguised: `measures.disguises.MOST`
LIKELIHOOD_IMAGES = 2000  # of a side at most, that it looks at: `measures.generalisation.LARGEST`
LIKELIHOOD_STEPS = 200  # of expectation maximisation: `measures.generalisation.STEPS`
SINGLE_FASTER = 4  # products of float32 matrices, over those of float64
IN_PCA = 1 / 8  # of an image's values, that are compared in the space `pca`


def aligning(asked: Asked, queries: int, known: int) -> float:
    """Seconds of a search in the space `aligned`: of all views of few images, else of sketches and then of some pairs."""
    side, product, weight = asked.campaign.dataset.size, asked.machine.core.product, asked.machine.core.weight
    views = 2 * ((2 * max(1, round(side / 8)) + 1) ** 2 + 34 * side // 32)  # shifts up to an eighth of the side, crops, mirrored
    if known <= COMPARED_IN_ALL_VIEWS:
        return queries * known * views * (asked.values / product + 6 / weight)
    sketched = 28 * (known * asked.values * 3 + queries * known * (36 * asked.campaign.dataset.shape.channels / 2)) / product
    return sketched + queries * 140 * asked.values / weight


def searching(asked: Asked, queries: int, known: int) -> float:
    """Seconds of a search in all spaces."""
    by_views = aligning(asked, queries, known) if "aligned" in asked.campaign.neighbours.spaces else 0
    return by_views + searching_rows(asked, queries, known)


def searching_rows(asked: Asked, queries: int, known: int) -> float:
    """Seconds of a search in all spaces but `aligned`: products of vectors, passes over these, and ten over what is known."""
    neighbours, core = asked.campaign.neighbours, asked.machine.core
    parts = {"aligned": 0.0, "pca": IN_PCA, "halves": 2.0}  # of an image's values, that are compared
    shares = [parts.get(space, 1.0) for space in neighbours.spaces]
    products = sum(shares) * asked.values / (SINGLE_FASTER * core.product) + len(shares) / core.weight
    return queries * known * (1 + neighbours.mirrored) * products + 10 * known * asked.values / core.weight


def tracing(asked: Asked, queries: int, known: int) -> float:
    """Seconds in which the tiles of images are compared with those of training images."""
    tiles = (asked.campaign.dataset.size // asked.campaign.tile) ** 2
    return 2 * queries * known * (asked.values / (SINGLE_FASTER * asked.machine.core.product) + tiles / 1e9)


def known_images(asked: Asked) -> float:
    """Megabytes of all images, in every space, and of what is at work of them."""
    return 100 + mega((2 + len(asked.campaign.neighbours.spaces)) * asked.images * asked.values, SINGLE)


def fitting_spaces(asked: Asked) -> Demand:
    """Eigenvectors of the smaller matrix of products of the reference images, in float64."""
    count, values = asked.campaign.subsets.reference, asked.values
    small, large = sorted((count, values))
    seconds = small**2 * (2 * large + 4 * small) / asked.machine.core.product
    return without_torch(asked, seconds, mega(2 * count * values + 3 * small**2, DOUBLE))


def finding_neighbours(asked: Asked) -> Demand:
    seconds = searching(asked, asked.samples, asked.run.n) + tracing(asked, asked.samples, asked.run.n)
    return without_torch(asked, seconds, known_images(asked))


def subset_neighbours(asked: Asked) -> Demand:
    """All images are searched among the training images, but for these in `aligned`; and these among the reference.

    With `split: group` some training images are, too (`measures.left_out`), with their tiles.
    """
    subsets, n = asked.campaign.subsets, asked.run.n
    out = min(n, subsets.heldout) if subsets.split == "group" else 0
    seconds = searching(asked, subsets.heldout + subsets.reference, n) + searching(asked, n, subsets.reference)
    seconds += searching(asked, out, n) + tracing(asked, subsets.heldout + 2 * out, n)
    return without_torch(asked, seconds + searching_rows(asked, n, n), known_images(asked))


def unmasking(asked: Asked) -> Demand:
    """Some training images in about ten disguises are searched among the training images."""
    queries = 10 * min(asked.run.n, DISGUISED)
    return without_torch(asked, searching(asked, queries, asked.run.n), known_images(asked))


def measuring(asked: Asked) -> Demand:
    """Distances of all samples to the reference; those among sampling.count of them and the reference, and their bootstraps.

    Mixtures are fitted to the training images by expectation maximisation, and these are put into cells.
    """
    reference, compared, n = asked.campaign.subsets.reference, min(asked.samples, asked.campaign.sampling.count), asked.run.n
    fitted = min(n, LIKELIHOOD_IMAGES)
    passes = 3.3 * LIKELIHOOD_STEPS * fitted * (min(compared, LIKELIHOOD_IMAGES) + fitted / 4) + 10 * n * asked.values
    pairs = (compared + reference) ** 2 + asked.samples * reference
    seconds = 0.15 + 8 * pairs * asked.values / asked.machine.core.product + 30 * pairs / 1e8
    seconds += passes / asked.machine.core.weight
    return without_torch(asked, seconds, 60 + mega(6 * pairs + 2 * asked.images * asked.values, DOUBLE))


def lawful(asked: Asked) -> Demand:
    """A decomposition of the training images for each law, and distances of samples to it."""
    number = len(laws_of(asked.campaign, asked.run))
    n, values = asked.run.n, asked.values
    products = number * (12 * n * values * min(n, values) + 80 * asked.campaign.sampling.count * values * min(n, values))
    return without_torch(asked, products / asked.machine.core.product + number, mega(8 * n * values, DOUBLE))
