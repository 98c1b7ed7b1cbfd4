"""The benchmark of a replica with too little processor time: its quota, and that it runs."""

import json
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks import throttled
from benchmarks.tools.quota import Quota, quota
from models.command import UserError


@pytest.mark.parametrize(
    ("controller", "settings"),
    [
        ("", {"cpu.max": "50000 100000"}),
        ("cpu", {"cpu.cfs_period_us": "100000", "cpu.cfs_quota_us": "50000"}),
    ],
    ids=["version 2", "version 1"],
)
def test_half_a_core_is_written_for_either_version_of_control_groups(
    tmp_path: Path, controller: str, settings: dict[str, str]
):
    (tmp_path / controller).mkdir(exist_ok=True)
    with quota(0.5, tmp_path) as group:
        assert group.folder.parent == tmp_path / controller
        written = {file.name: file.read_text("ascii") for file in group.folder.iterdir()}
        for file in group.folder.iterdir():
            file.unlink()  # the kernel's files vanish with their folder
    assert written == settings
    assert not group.folder.exists()


def test_a_command_enters_its_group_and_then_runs(tmp_path: Path):
    command = [*Quota(tmp_path).command(), "sh", "-c", 'echo "$$ $1"', "sh", "two words"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    entered = (tmp_path / "cgroup.procs").read_text("ascii").strip()
    assert shown.strip() == f"{entered} two words"


@pytest.mark.parametrize("line", ["throttled_usec 1500000", "throttled_time 1500000000"])
def test_throttled_seconds_of_either_version(tmp_path: Path, line: str):
    (tmp_path / "cpu.stat").write_text(f"nr_periods 9\n{line}\n", "ascii")
    assert Quota(tmp_path).throttled() == pytest.approx(1.5)


def test_where_no_group_can_be_made_it_is_said_in_a_line(tmp_path: Path):
    with (
        pytest.raises(UserError, match=r"no control group .* the rights of root"),
        quota(0.5, tmp_path / "missing"),
    ):
        pass


def test_a_replica_is_measured_beside_a_free_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    @contextmanager
    def unlimited(cores: float) -> Generator[Quota]:
        (tmp_path / "cpu.stat").write_text("throttled_usec 0", "ascii")
        yield Quota(tmp_path)

    monkeypatch.setattr(throttled, "quota", unlimited)
    monkeypatch.setattr(throttled, "SERVERS", {"fixed": throttled.SERVERS["fixed"]})
    out = tmp_path / "throttled.json"
    throttled.main(throttled.Options(cores=(0.5,), rooms=1, players=2, seconds=12, out=out))
    found = json.loads(out.read_text("utf-8"))
    (row,) = found["rows"]
    assert found["tells_apart"] == {"0.5": row["leases_expired"] > 0}
    assert (row["lease"], row["cores"], row["throttled_share"]) == ("fixed", 0.5, 0)
    assert row["guesses"] > 0
    assert row["lost"] == row["altered"] == 0
    assert row["cores_busy"] > 0
