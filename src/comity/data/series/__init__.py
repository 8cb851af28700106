"""Series of states and sectors, cleaned and joined."""
