"""The four classes of samples: copied, put together from copied parts, or new, and then like real images or not."""

COPY, COLLAGE, NEW_REAL, NEW_UNREAL = NAMES = ("copy", "collage", "new and real", "new and unreal")
PART_COPY, MOSAIC = COLLAGES = ("part copy", "mosaic")  # mostly of one training image, or of many
