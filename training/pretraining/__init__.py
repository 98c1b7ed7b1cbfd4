"""Pretraining on data sets larger than memory: streamed drawings, several processes."""
