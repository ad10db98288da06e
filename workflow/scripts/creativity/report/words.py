"""What measures are called on the page; those of samples and sets stand with their definitions in the registry."""

from creativity.measures.registry import LABELS

MEASURES = LABELS | {
    "finite": "finite",
    "escaped": "escaped to infinity",
    "class_copy": "share of copies",
    "class_collage": "share of collages",
    "class_new_and_real": "share of new and real samples",
    "class_new_and_unreal": "share of new and unreal samples",
    "copies": "copies at a false discovery rate of 5 %",
    "least_copies": "least share of copies that could be shown",
    "squared_correlation": "squared correlation r²",
    "determination": "R² = 1 − SSE/SST",
    "distance": "distance between the two images",
}
LAWS = {
    "not_finite": "not finite",
    "escaped": "escaped to infinity",
    "error": "distance to the sample that the noise must give",
    "error_max": "the largest of these",
    "mean_offset": "distance between the means",
    "outside": "energy outside the law's directions",
    "energy_distance": "energy distance to fresh draws of the law",
    "training_image": "samples that are training images",
    "counts": "χ² of how often each training image comes",
}
FIRST = (
    *("class_copy", "class_new_and_real", "nearest_distance", "real", "copies", "memorised", "heldout_percentile"),
    *("coverage", "frechet", "authentic", "largest_source_share", "collage_residual"),
)


def label(measure: str) -> str:
    return MEASURES.get(measure, measure.replace("_", " "))


def rank(measure: str) -> tuple[int, str]:
    """The order in which measures are offered: the telling ones first, then by name."""
    return (FIRST.index(measure) if measure in FIRST else len(FIRST), measure)
