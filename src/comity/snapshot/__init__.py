"""The embedded base-year world: tables written by `comity data build`, and their loader."""
