"""Figures of a campaign: one file a figure, each `draw(results) -> chart`."""
