"""Drawings: where they come from, how they are split, what a training step sees of them."""
