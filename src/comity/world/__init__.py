"""The world: states, pairs and frameworks of one year; the door into computation."""
