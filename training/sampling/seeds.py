"""Seeds of a step's random numbers, derived from the run's seed, the epoch and the step."""

from numpy.random import SeedSequence


def seed_of(*key: int) -> int:
    """A seed for torch, in [0, 2**63); similar keys give unrelated seeds.

    Args:
        key: integers >= 0, for example the run's seed, the epoch and the step.
    """
    entropy = (len(key), *key)  # without the length, appended zeros would not change the seed
    return int(SeedSequence(entropy).generate_state(1, "uint64")[0] >> 1)
