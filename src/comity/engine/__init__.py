"""The engine: the contract of a mechanism, levers as arrays, THE YEAR, measures."""
