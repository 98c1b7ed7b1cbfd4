"""Divides the tests among the processes of `pytest -n`, and orders them.

A process gets whole files, so that the fixtures of a module are made once. All files of a group of
`TOGETHER` go to one process, because their tests share expensive fixtures (servers, an environment,
a finished comparison), or because many of their pages at a time are too slow on a small machine.
The files of `ALONE` do not wait for real time, and need no other tests of their folder.
"""

import os
import re
from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

TOGETHER = (
    "tests/browser/test_[a-k]",
    "tests/browser/test_[l-z]",
    "tests/game/replicas/",
    "tests/game/static_site/",
    "tests/hosting/",
)  # regular expressions of the beginning of a file's path
ALONE = ("tests/browser/test_access.py",)
# The longest tests come first, so that all processes end at about the same time.
FIRST = (
    "tests/training/test_remake.py",
    "tests/training/test_compare.py",
    "tests/browser/",
    "tests/training/test_survival.py",
    "tests/training/engines/test_ray_engine.py",
    "tests/training/test_publish.py",
    "tests/training/test_pretrain.py",
    "tests/docs/",
    "tests/hosting/",
    "tests/game/static_site/",
    "tests/game/replicas/",
    "tests/training/",
    "tests/game/spaces/",
    "tests/benchmarks/",
)


def one_thread_each() -> None:
    """Compute with one thread in this process and its children, because each core has a process.

    It must be called before NumPy or torch is imported.
    """
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def unit_of(test: str) -> str:
    """The group or file that goes to one process together with a test."""
    file = test.split("::")[0]
    if file in ALONE:
        return file
    return next((group for group in TOGETHER if re.match(group, file)), file)


def rank(test: str) -> int:
    """The place of a test in the order: that of its first match in `FIRST`, else the last."""
    return next((k for k, start in enumerate(FIRST) if test.startswith(start)), len(FIRST))


class Units(LoadScopeScheduling):
    """Gives the processes one unit after the other, in the order of collection."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)
