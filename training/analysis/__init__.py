"""Analysis of an experiment's result files: statistics, contrasts, verdicts. Pure functions."""
