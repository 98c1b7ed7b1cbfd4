"""Engines carry out the runs of an experiment, here or on a cluster, and show their progress."""
