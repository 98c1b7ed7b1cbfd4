"""Reports and model cards, written from result files alone."""
