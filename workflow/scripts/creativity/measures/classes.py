"""The four classes of samples: copied, put together from copied parts, or new, and then like real images or not."""

COPY, COLLAGE, NEW_REAL, NEW_UNREAL = NAMES = ("copy", "collage", "new and real", "new and unreal")
FEWEST_NEW = 19  # new, real images: beside fewer of them no p-value is as low as 5 %
UNREAL = ("halves", "blurred", "torn", "gaussian", "noise")  # controls that are not real
WEAK = 1 / 3  # share of one of these that is judged real, from which on the judge's word says little
PART_COPY, MOSAIC = COLLAGES = ("part copy", "mosaic")  # mostly of one training image, or of many


def column(name: str) -> str:
    """The measure of a set that is the share of this class.

    >>> column(NEW_REAL)
    'class_new_and_real'
    """
    return f"class_{name.replace(' ', '_')}"
