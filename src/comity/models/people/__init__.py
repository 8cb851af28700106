"""People: output and population of states."""
