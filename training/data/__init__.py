"""Drawings: reading and splitting them, and assembling the batches of a training step."""
