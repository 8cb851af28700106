"""Stage 1: sources, their provenance cards, and the build of the snapshot."""
