"""Institutions: frameworks, councils, votes, veto players, ideal points, leaders, ties."""
