"""Reports of experiments, written from result files alone."""
