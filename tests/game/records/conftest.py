"""Records that every test of this folder may open."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.game.records.making import Opened


@pytest.fixture
def opened(tmp_path: Path) -> Generator[Opened]:
    made = Opened(tmp_path)
    yield made
    made.records.close()
