"""The page of a campaign: one self-contained HTML file, `render(payload) -> text`, from `build(root, campaign) -> payload`."""
