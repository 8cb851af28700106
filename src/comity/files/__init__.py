"""Files that users write: what may be read, where each value stands, what is wrong with it."""
