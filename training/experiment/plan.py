"""What is fixed before an experiment runs: `plan.json`."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

from models.command import UserError, whole_file
from training.experiment.results import decisive, digest
from training.statistics.power import PROMISED, pairs_needed
from training.strategies.settings import Settings
from training.suites.suite import Suite


@dataclass(frozen=True)
class Plan:
    """What is fixed before an experiment runs.

    Attributes:
        suite: including the changes made by options.
        words: in column order.
        data: hash of the drawings and their splits.
        bitmaps: number of bitmaps in each split, before a suite limits them.
        starts: by the names in strategies: sha256 of a checkpoint, or a digest of how a start made
            here is trained.
        recipe: padding and BatchNorm's eps of every network.
        code: version of the code's numbers (`training.experiment.version`).
        deviations: changes of options to the declared suite, as sentences.
        power: statistical power with the declared seeds, computed before any run.
    """

    suite: Suite
    words: tuple[str, ...]
    data: str
    bitmaps: dict[str, int]
    starts: dict[str, str]
    recipe: str
    code: str
    deviations: tuple[str, ...] = ()
    power: dict[str, float | int | None] = field(default_factory=dict[str, float | int | None])

    @property
    def region(self) -> float:
        return self.suite.region

    @property
    def id(self) -> str:
        """Hex digest of what decides results, but for fields of the suite that have their default:
        a field that suites get later does not make an earlier experiment another one."""
        content = decisive(self)
        for told in ("deviations", "power"):
            content.pop(told, None)
        return digest(content)


def declared_power(suite: Suite) -> dict[str, float | int | None]:
    """The power of a suite with its seeds; empty without a pilot."""
    power = suite.power
    if power is None:
        return {}
    found = power.detectable()
    return {
        "sd": power.sd,
        "pairs": power.pairs,
        "contrasts": power.contrasts,
        "region": power.region,
        "detectable": round(found, 3) if found < 1000 else None,
        "not_worse": round(power.not_worse, 3),
        "equivalent": round(power.equivalent, 3),
        "pairs_needed": pairs_needed(power.sd, power.region, power.contrasts, PROMISED),
    }


def begin(folder: Path, plan: Plan) -> None:
    """Declare the plan in a folder, or find it declared there already.

    Raises:
        UserError: when the folder holds another plan, or cannot be written.
    """
    path = folder / "plan.json"
    if path.exists():
        there = read_plan(folder)
        if there.id != plan.id:
            raise UserError(
                f"{folder} holds another experiment (different: {_difference(there, plan)})",
                "Choose another --out, or delete that folder",
            )
    else:
        with whole_file(path, "w") as file:
            json.dump(asdict(plan), file, indent=1)


def read_plan(folder: Path) -> Plan:
    """The plan declared in a folder.

    Raises:
        UserError: when there is none, or it cannot be read.
    """
    try:
        content = _lists_to_tuples(json.loads((folder / "plan.json").read_text("utf-8")))
        suite: dict[str, Any] = content["suite"]
        suite["changes"] = _changes(suite.get("changes", {}))
        content["suite"] = Suite(**suite)
        return Plan(**content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UserError(
            f"{folder} holds no experiment ({error})", "Run one: python -m training.compare"
        ) from error


def _difference(there: Plan, here: Plan) -> str:
    a, b = asdict(there), asdict(here)
    names = [f for f in a if f not in ("suite", "power", "deviations") and a[f] != b[f]]
    names += [f for f in a["suite"] if a["suite"][f] != b["suite"][f]]
    return ", ".join(names)


def _changes(read: Mapping[str, Any]) -> dict[str, Any]:
    """Changes of settings that were read from JSON, in which a mixture is a table."""
    kinds: dict[str, Any] = {each.name: each.type for each in fields(Settings)}
    return {
        name: kinds[name](**value) if is_dataclass(kinds.get(name)) else value
        for name, value in read.items()
    }


def _lists_to_tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _lists_to_tuples(each) for name, each in value.items()}
    return tuple(map(_lists_to_tuples, value)) if isinstance(value, list) else value
