"""Force: armament, capabilities, crises, war, reliability of allies, games of deterrence."""
