"""The provenance of starts: written, read again, missing, damaged."""

from pathlib import Path

import pytest

from models.command import UserError
from training.experiment import provenance
from training.experiment.provenance import StartProvenance


def test_what_is_saved_is_read_again(tmp_path: Path):
    known = [
        StartProvenance(start="imagenet", description="by others", sha256="ab"),
        StartProvenance(start="near", description="x"),
    ]
    assert provenance.load(tmp_path) == []
    provenance.save(tmp_path, known)
    assert provenance.load(tmp_path) == known
    written = (tmp_path / provenance.FILE).stat().st_mtime_ns
    provenance.save(tmp_path, known)  # nothing new: not written again
    assert (tmp_path / provenance.FILE).stat().st_mtime_ns == written


@pytest.mark.parametrize("text", ["[", '[{"start": "near"}]'])
def test_a_damaged_file_is_named(tmp_path: Path, text: str):
    (tmp_path / provenance.FILE).write_text(text)
    with pytest.raises(UserError, match=f"cannot read .*{provenance.FILE}"):
        provenance.load(tmp_path)
