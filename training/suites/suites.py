"""The named experiments of `training.compare`, as plain data; a TOML file adds one of your own.

Every arm of the catalogue is in the suite that asks its question. Arms that decide most come first,
so that a part of an experiment says something.
"""

import tomllib
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from models.command import UserError
from models.shelf import require_name
from models.user_files import read_text
from training.limits import build
from training.strategies import user_file
from training.suites import freezing_suites, judge_suites, transfer_suites
from training.suites.suite import Suite
from training.suites.transfer_suites import FEW_DRAWINGS_SD

CONTROLS = ("small", "cnn", "mobilenet-scratch", "resnet18-scratch")
TOML = "Expected a TOML file"

SMOKE = Suite(
    "smoke",
    "Does the laboratory work? (Two seeds prove nothing about training.)",
    ("full", "head-only", "scratch"),
    (("full", "head-only"), ("full", "scratch")),
    amounts=(30,),
    epochs=1,
    seeds=2,
    rates=(1e-3, 4e-3),
    most_rates=3,
    tuning_seeds=1,
    batch=32,
    epoch_images=0,
    held_out=10,
    varied=5,
    target=0.5,
)
ARCHITECTURES = Suite(
    "architectures",
    "Is EfficientNet-B0 the right network for 28×28 drawings, with ImageNet's weights and without?",
    ("full", "scratch", *CONTROLS),
    (("small", "full"), *((control, "scratch") for control in CONTROLS)),
    amounts=(300,),
    epochs=12,
    seeds=12,
    region=2.0,
    sd=FEW_DRAWINGS_SD,
    missing="More drawings or a longer training may suit another network.",
)
SUITES: dict[str, Suite] = {
    suite.name: suite
    for suite in (
        SMOKE,
        *freezing_suites.SUITES,
        *transfer_suites.SUITES,
        ARCHITECTURES,
        *judge_suites.SUITES,
    )
}


def find(name: str) -> Suite:
    """The suite of that name, or the one that a TOML file holds.

    Raises:
        UserError: when there is none; it names the closest ones.
    """
    if name.endswith(".toml"):
        return read(Path(name))
    if name not in SUITES:
        close = get_close_matches(name, SUITES, n=3, cutoff=0.5) or ["freezing", "smoke"]
        raise UserError(
            f"no suite {name!r}",
            f"Did you mean {' or '.join(close)}? --list shows all; FILE.toml is your own",
        )
    return SUITES[name]


def read(path: Path) -> Suite:
    """A suite of one's own: the fields of `Suite` as TOML, "all" for all drawings.

        question = "Does more dropout help?"
        arms = ["full", "full-no-dropout"]
        contrasts = [["full-no-dropout", "full"]]
        amounts = [300, "all"]
        epochs = 6

    Raises:
        UserError: when the file cannot be read, or is no suite.
    """
    try:
        content: dict[str, Any] = tomllib.loads(read_text(path, TOML))
    except ValueError as error:
        raise UserError(f"cannot read {path}: {error}", TOML) from error
    changes = user_file.changes(content.pop("changes", {}), str(path))
    if content.get("held_out") == "all":
        content["held_out"] = None
    if isinstance(content.get("amounts"), list):
        content["amounts"] = [None if each == "all" else each for each in content["amounts"]]
    named = {"name": path.stem, "contrasts": [], **content}
    suite = replace(build(Suite, named, str(path)), changes=changes)
    require_name(suite.name)  # that of a model of --publish-best begins with it
    return suite
