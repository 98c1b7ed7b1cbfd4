"""Sampling: which drawings a training step sees, and the batches made of them."""
