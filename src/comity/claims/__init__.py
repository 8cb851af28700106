"""Claims of panels turned into tests: dossiers, evidence, experiments, verdicts, drafting."""
