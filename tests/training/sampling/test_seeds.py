"""The seeds of training steps."""

from training.sampling.seeds import seed_of


def test_close_keys_give_other_seeds_and_the_same_key_the_same():
    keys = [(run, epoch, step) for run in range(3) for epoch in range(3) for step in range(50)]
    found = {seed_of(*key) for key in keys}
    assert len(found) == len(keys)
    assert all(0 <= seed < 2**63 for seed in found)
    assert seed_of(1, 2, 3) == seed_of(1, 2, 3)
    assert seed_of(5, 0) != seed_of(5)
