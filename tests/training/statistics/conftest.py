"""Fixtures that the simulations share."""

from collections.abc import Iterator

import pytest

from training.statistics import sign_flip


@pytest.fixture
def few_subsets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Draw only a tenth of the random subsets, so that thousands of tests take seconds."""
    monkeypatch.setattr(sign_flip, "SUBSETS", 4000)
    sign_flip._subsets.cache_clear()
    yield
    sign_flip._subsets.cache_clear()
