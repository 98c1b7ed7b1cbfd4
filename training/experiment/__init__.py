"""Experiments: their plan, starts, tuning, trials, and result files."""
