"""What runs and cards of earlier versions call by another name than this version does.

A card is never edited, so its commands and settings keep the names that they were written with.
"""

from collections.abc import Mapping
from typing import Any

SETTINGS = {"taught": "distillation", "kinds": "fine_labels"}
STRATEGY = {"says": "description"}


def command(text: str) -> str:
    """A card's command with the names that the options have today."""
    for old, new in SETTINGS.items():
        text = text.replace(f"--settings.{old} ", f"--settings.{new.replace('_', '-')} ")
    return text


def record(known: Mapping[str, Any]) -> dict[str, Any]:
    """A run's record (`run.json`) with the names that its fields and commands have today."""
    evidence: dict[str, Any] = known["evidence"]
    return {
        **known,
        "settings": _renamed(known["settings"], SETTINGS),
        "strategy": _renamed(known["strategy"], STRATEGY),
        "ancestors": [command(each) for each in known["ancestors"]],
        "evidence": {**evidence, "command": command(evidence["command"])},
    }


def _renamed(fields: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in fields.items()}
