"""Where starts come from: written, read again, absent, damaged."""

from pathlib import Path

import pytest

from models.command import UserError
from training import origins
from training.origins import Origin


def test_what_is_saved_is_read_again(tmp_path: Path):
    known = [
        Origin(start="imagenet", says="by others", sha256="ab"),
        Origin(start="near", says="x"),
    ]
    assert origins.load(tmp_path) == []
    origins.save(tmp_path, known)
    assert origins.load(tmp_path) == known
    written = (tmp_path / origins.FILE).stat().st_mtime_ns
    origins.save(tmp_path, known)  # nothing new: not written again
    assert (tmp_path / origins.FILE).stat().st_mtime_ns == written


@pytest.mark.parametrize("text", ["[", '[{"start": "near"}]'])
def test_a_damaged_file_is_named(tmp_path: Path, text: str):
    (tmp_path / origins.FILE).write_text(text)
    with pytest.raises(UserError, match=f"cannot read .*{origins.FILE}"):
        origins.load(tmp_path)
