"""The four classes of samples: copied, put together from copied tiles, or new, and then like real images or not."""

COPY, MOSAIC, NOVEL_REAL, NOVEL_UNREAL = NAMES = ("copy", "mosaic", "novel real", "novel unreal")
