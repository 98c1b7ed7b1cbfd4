"""What the result files of an experiment add up to: statistics, contrasts, verdicts. Pure."""
