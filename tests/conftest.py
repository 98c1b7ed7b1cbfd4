"""Settings of all tests: one thread a process, their division, and no deadlines for property tests.

A deadline would depend on the speed of the machine.
"""

import pytest
from hypothesis import settings

from tests import workers

workers.one_thread_each()
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> workers.Units:
    return workers.Units(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):  # this is one of several processes
        items.sort(key=lambda item: workers.rank(item.nodeid))
