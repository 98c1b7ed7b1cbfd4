"""Runs that another experiment has made already, so that nobody trains them again.

Two runs with the same key are the same run: it is a digest of strategy, settings, seed, drawings,
weights and the version of the code's numbers (`training.experiment.trial`).
"""

from collections.abc import Iterable
from pathlib import Path

from training.experiment import store
from training.experiment.plan import read_plan
from training.experiment.results import Result


def known(folders: Iterable[Path]) -> dict[str, Result]:
    """The runs in folders of results by their keys, each with the name of its experiment.

    Raises:
        UserError: for a folder that holds no experiment, or a file that cannot be read.
    """
    found: dict[str, Result] = {}
    for folder in folders:
        plan = read_plan(folder)
        for result in store.load(folder, plan):
            if result.status != "failed":  # a crash may be this machine's alone
                made_by = result.made_by or plan.suite.name
                found.setdefault(result.key, result.model_copy(update={"made_by": made_by}))
    return found
