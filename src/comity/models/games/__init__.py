"""Finite games: best replies, dominance, equilibria, cycles of replies, levels, who moves first."""
