"""How `pytest -n` divides the tests: which stay together in one process, and what begins first.

A process gets whole files, so that what a module prepares is prepared once. A folder of `TOGETHER`
goes whole to one process: its tests share what is expensive (servers, an environment, a finished
comparison), or several of them at a time would leave each page too little of a small machine.
"""

import os
from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

TOGETHER = (
    "tests/browser/",
    "tests/game/replicas/",
    "tests/game/static_site/",
    "tests/hosting/",
)
# What takes longest comes first, so that no process is left with it while the others are done.
FIRST = (
    "tests/training/test_remake.py",
    "tests/training/test_compare.py",
    "tests/browser/",
    "tests/training/test_survival.py",
    "tests/training/experiment/test_ray_engine.py",
    "tests/training/test_publish.py",
    "tests/training/test_pretrain.py",
    "tests/hosting/",
    "tests/game/static_site/",
    "tests/game/replicas/",
    "tests/training/",
    "tests/game/spaces/",
    "tests/benchmarks/",
)


def one_thread_each() -> None:
    """Compute with one thread in this process and its children: each core has a process already.

    It must be called before NumPy or torch is imported.
    """
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def unit_of(test: str) -> str:
    """What goes to one process as a whole with a test: a folder or a file."""
    return next((folder for folder in TOGETHER if test.startswith(folder)), test.split("::")[0])


def rank(test: str) -> int:
    """Where a test stands in the order: its first match in `FIRST`, else after all of them."""
    return next((k for k, start in enumerate(FIRST) if test.startswith(start)), len(FIRST))


class Units(LoadScopeScheduling):
    """Gives each process one unit after the other, in the order in which they were collected."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)
