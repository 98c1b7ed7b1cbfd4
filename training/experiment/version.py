"""The version of the numbers that experiments store."""

RESULTS_VERSION = 2
"""Raise it by one when a change of the code alters what a run of the same strategy, settings, seed
and drawings reaches: the trainer, networks, batches, augmentation, pretraining tasks or measures.
Stored runs and starts of other versions are then no longer taken for ones of this version.

Adding a strategy, a field with a default that changes nothing, or a comment is no such change.
`tests/training/experiment/test_version.py` trains small references, of pretraining tasks too, and
notices most of them.

2: phases add up; seeds of steps come from SeedSequence.
"""
