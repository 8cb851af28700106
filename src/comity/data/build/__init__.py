"""The build of the snapshot: tables, listing, verification."""
