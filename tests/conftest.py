"""Settings of all tests: no deadlines for property tests, because speed depends on the machine."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
