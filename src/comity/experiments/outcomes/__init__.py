"""What is measured: one module for each part of the year, and the catalogue of all measures."""
