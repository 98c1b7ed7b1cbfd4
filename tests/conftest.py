"""Settings of all tests: how fast a property is examined says nothing about it."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
