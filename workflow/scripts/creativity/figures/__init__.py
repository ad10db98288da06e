"""Figures of a campaign, drawn with Altair: one module for each figure, with a function `draw(results) -> chart`."""
