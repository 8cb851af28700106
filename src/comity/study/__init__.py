"""A study: plan, laboratory, ensemble (arms by futures), run, the folder that it leaves."""
