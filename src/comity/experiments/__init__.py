"""Experiments: scenario and strategies in, plan, run folder and judgement out."""
