"""Trade: gravity, equilibrium in one sector and many, tariffs, sanctions, rules against power."""
