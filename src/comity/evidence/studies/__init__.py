"""Studies that print the tables of a page; no mechanism reads them."""
