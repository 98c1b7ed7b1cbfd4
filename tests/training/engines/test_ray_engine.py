"""A comparison on a real Ray cluster of two nodes: the same numbers, even if workers are killed."""

import os
import signal
import threading
import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from ray.cluster_utils import Cluster

from models.command import UserError
from tests import made
from tests.training.comparing import SMOKE, measured, no_training, options, runs
from training import compare
from training.engines import engine_choice
from training.engines.engines import Resources
from training.suites import suites

# Ray leaves sockets, log files and processes of its own to be closed by Python's exit.
pytestmark = pytest.mark.filterwarnings(
    "ignore:unclosed:ResourceWarning",
    "ignore:subprocess .* is still running:ResourceWarning",
)
PATIENCE = 300  # seconds, on a busy machine
FEW: dict[str, Any] = {"arms": "head-only,scratch", "seeds": 1}  # of `smoke`; at least six runs
TASK = b"ray::carry_out"  # what Ray calls a process while it carries out a run


@pytest.fixture(scope="module")
def cluster() -> Generator[Cluster]:
    """A Ray cluster of two nodes with one core each, on this machine."""
    cores = {"num_cpus": 1, "object_store_memory": 80 * 2**20, "include_dashboard": False}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_worker_niceness", "0")  # or workers starve on a busy machine
        made = Cluster(initialize_head=True, head_node_args=cores)
        made.add_node(num_cpus=1, object_store_memory=80 * 2**20)
        yield made
        made.shutdown()


@pytest.fixture(scope="module")
def alone(place: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`FEW` on the local engine, with as many threads as a run on the cluster has."""
    out = tmp_path_factory.mktemp("alone") / "out"
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        compare.main(options(place, out, keep_models=True, **FEW))
    finally:
        torch.set_num_threads(before)
    return out


class Killer(threading.Thread):
    """Kills the first worker that carries out a run once some run is done."""

    def __init__(self, out: Path) -> None:
        super().__init__(daemon=True)
        self.out, self.killed = out, 0

    def run(self) -> None:
        until = time.monotonic() + PATIENCE
        while not self.killed and time.monotonic() < until:
            if list(self.out.glob("unfinished/*.json")):
                self._kill_one()
            time.sleep(0.01)

    def _kill_one(self) -> None:
        for worker in workers():
            os.kill(worker, signal.SIGKILL)
            self.killed = worker
            return


def workers() -> list[int]:
    """The processes that are carrying out a run."""
    found: list[int] = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cmdline").read_bytes().startswith(TASK):
                found.append(int(process.name))
        except OSError:
            continue  # it has ended meanwhile
    return found


def test_two_nodes_give_the_same_numbers_though_a_worker_is_killed(
    cluster: Cluster,
    alone: Path,
    place: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    out = tmp_path / "out"
    given = options(place, out, engine="ray", address=cluster.address, keep_models=True, **FEW)
    killer = Killer(out)
    killer.start()
    compare.main(given)
    killer.join()
    assert killer.killed
    assert measured(out) == measured(alone)
    assert made.contents(out) == made.contents(alone)
    for network in out.glob("models/*/network.pt"):
        ours, theirs = (torch.load(f) for f in (network, alone / network.relative_to(out)))
        assert all(torch.equal(ours[name], theirs[name]) for name in theirs)
    text = (out / "report.md").read_text("utf-8")
    assert "Not finished" not in text
    no_training(monkeypatch)
    compare.main(given)  # nothing is left to do
    assert (out / "report.md").read_text("utf-8") == text


def test_workers_have_what_a_teacher_begins_with(
    cluster: Cluster, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(suites.SUITES, "smoke", replace(SMOKE, rates=(1e-3,), most_rates=1))
    given = options(place, tmp_path, arms="small-distilled", seeds=1)
    compare.main(replace(given, engine="ray", address=cluster.address))
    found = runs(tmp_path)
    assert [(run.stage, run.status) for run in found] == [("final", "finished")]
    assert all(run.history[0]["images"] == 2 * 64 for run in found)  # the teacher's and its own


def test_a_run_that_no_machine_has_room_for_is_refused(
    cluster: Cluster, place: Path, tmp_path: Path
):
    given: dict[str, Any] = {"engine": "ray", "address": cluster.address}
    with pytest.raises(UserError, match="no machine of the cluster has 2 CPUs and 0 GPUs"):
        compare.main(options(place, tmp_path / "a", cpus_per_run=2, **given))
    with pytest.raises(UserError, match=r"has 1 CPUs and 0\.5 GPUs.*it has 2 CPUs and 0 GPUs"):
        compare.main(options(place, tmp_path / "b", gpus_per_run=0.5, **given))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("ray", None, 0, 0.0), "--cpus-per-run is 0"),
        (("ray", None, 1, 2.0), "--gpus-per-run is 2"),
        (("local", "host:6379", 1, 0.0), "Add --engine ray"),
        (("local", None, 2, 0.0), "Add --engine ray"),
    ],
)
def test_resources_that_make_no_sense(given: Any, says: str):
    with pytest.raises(UserError, match=says):
        engine_choice.resources(*given)


def test_resources_of_a_machine():
    assert engine_choice.resources("ray", None, 2, 0.25) == Resources(2, 0.25)
    assert engine_choice.resources("local", None, 1, 0.0) == Resources()
