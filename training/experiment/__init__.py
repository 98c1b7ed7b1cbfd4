"""Experiments: suites, starts, tuning, trials, and their result files."""
