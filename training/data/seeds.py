"""Seeds of a step's random numbers, which follow from what the step is."""

from numpy.random import SeedSequence


def seed_of(*key: int) -> int:
    """A seed in [0, 2**63) for torch; close keys, such as successive steps, give unrelated seeds.

    Args:
        key: numbers of at least 0, such as the run's seed, the epoch and the step.
    """
    entropy = (len(key), *key)  # without its length, a key would equal itself with zeros appended
    return int(SeedSequence(entropy).generate_state(1, "uint64")[0] >> 1)
