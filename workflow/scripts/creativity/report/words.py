"""What measures are called on the page. A measure that is not named here goes by its own name."""

MEASURES = {
    "nearest_distance": "distance to the nearest training image (d1)",
    "memorised": "memorised: gap ratio below 1/3",
    "memorised_cluster": "memorised, near-duplicates counted as one",
    "gap_ratio": "gap ratio d1 / d2",
    "gap_ratio_cluster": "gap ratio, near-duplicates counted as one",
    "heldout_percentile": "held-out images that are nearer",
    "authentic": "authentic (AuthPct)",
    "largest_source_share": "tiles from the most frequent source",
    "collage_residual": "distance to its collage",
    "reference_distance": "distance to the 5th reference image",
    "laplacian_energy": "Laplacian energy (sharpness)",
    "real": "judged real",
    "critic_real": "judged real by critics",
    "critic_percentile": "reference images that critics find less real",
    "finite": "finite",
    "class_copy": "share of copies",
    "class_mosaic": "share of mosaics",
    "class_novel_real": "share of novel, real samples",
    "class_novel_unreal": "share of novel, unreal samples",
    "precision": "precision",
    "recall": "recall",
    "density": "density",
    "coverage": "coverage of the reference",
    "energy_distance": "energy distance to the reference",
    "sliced_wasserstein": "sliced Wasserstein distance",
    "frechet": "Fréchet distance",
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
    *("nearest_distance", "memorised", "heldout_percentile", "real", "class_novel_real", "coverage", "frechet"),
    *("authentic", "largest_source_share", "collage_residual"),
)


def label(measure: str) -> str:
    return MEASURES.get(measure, measure.replace("_", " "))


def rank(measure: str) -> tuple[int, str]:
    """The order in which measures are offered: the telling ones first, then by name."""
    return (FIRST.index(measure) if measure in FIRST else len(FIRST), measure)
