"""Tables of the snapshot: one module a table."""
