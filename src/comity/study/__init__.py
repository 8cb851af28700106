"""A study: plan, laboratory, run, the folder that it leaves."""
