"""Suites: the questions that `training.compare` answers, as plain data."""
