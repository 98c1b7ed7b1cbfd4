"""The costs of README.md's commands: all that were measured are told."""

import json

from benchmarks import costs, figures
from benchmarks.documents import costs as words

README = (figures.ROOT / "README.md").read_text("utf-8")
FOUND = json.loads((figures.RESULTS / "costs.json").read_text("utf-8"))


def test_all_commands_of_the_readme_are_measured_but_a_download_and_what_takes_hours():
    others = {line for line in costs.commands(README) if line not in FOUND["commands"]}
    assert len(others) == 2
    assert any(costs.HOURS in line for line in others)
    assert any(costs.DOWNLOADS in line for line in others)
    assert set(FOUND["commands"]) < set(costs.commands(README))


def test_every_cost_stands_in_the_readme():
    for used in FOUND["commands"].values():
        assert f"{words.memory(used['mib'])} of memory" in README


def test_costs_are_told_in_units_that_are_easily_read():
    found = {
        "commands": {
            "make play": {"s": 103.2, "mib": 320.0, "disk_mb": 565.0},
            "python -m training.train --out runs": {"s": 720.0, "mib": 2400.0, "disk_mb": 0.4},
            "python -m models.classify": {"s": 1.63, "mib": 145.0, "disk_mb": 0.0},
            "python -m game.bot --open": {"s": 1.63, "mib": 145.0, "disk_mb": 0.0},
        }
    }
    assert words.sentence(found, ["make play"]) == (
        "`make play` 2 minutes, 336 MB of memory, 565 MB of disk"
    )
    assert words.sentence(found, ["game.bot"]) == "`game.bot` 152 MB of memory"
    assert words.sentence(found, ["training.train", "models.classify"]) == (
        "`training.train` 12 minutes, 2.5 GB of memory; `models.classify` 1.6 s, 152 MB of memory"
    )
