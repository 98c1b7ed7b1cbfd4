"""Write and open the folder of a finished run, which holds its record and its network."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.command import UserError, whole_file
from training.inference.inference import as_input
from training.networks.architectures import Shape
from training.networks.network import Network
from training.networks.weights import RECIPES, Weights, read
from training.strategies.settings import Settings
from training.strategies.strategy import Strategy
from training.trainer import checkpoints
from training.trainer.construction import stem_channels
from training.trainer.fit import Fit, Report

Predict = Callable[[NDArray[np.uint8]], NDArray[np.float32]]  # logits (N, K) of (N, 28, 28)


class FinishedRun(Protocol):
    """The results of a finished run, from any trainer."""

    @property
    def network(self) -> Network: ...
    @property
    def strategy(self) -> Strategy: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def seed(self) -> int: ...
    @property
    def seconds(self) -> float: ...
    @property
    def report(self) -> Report: ...


@dataclass(frozen=True)
class Drawn:
    """The data that a run was trained on.

    Attributes:
        words: in column order.
        hash: `Dataset.hash`.
        bitmaps: number of bitmaps in each split.
        per_word: training bitmaps a word it was limited to.
        more: as in `Dataset`.
    """

    words: tuple[str, ...]
    hash: str
    bitmaps: Mapping[str, int]
    per_word: int | None
    more: Mapping[str, str] = field(default_factory=dict)


def write_run(
    folder: Path,
    fit: Fit,
    start: Weights | None,
    per_word: int | None,
    evidence: Mapping[str, Any],
    ancestors: Sequence[str] = (),
) -> None:
    """Write `network.pt` (plain tensors) and `run.json` (the record of the run).

    Args:
        folder: to write to.
        fit: the finished run.
        start: initial weights.
        per_word: training bitmaps a word it was limited to.
        evidence: see `training.trainer.evidence`.
        ancestors: commands of the runs whose networks it was trained from, oldest first.

    Raises:
        UserError: when the folder cannot be written.
    """
    counts = {split: len(part.bitmaps) for split, part in fit.data.parts.items()}
    drawings = Drawn(fit.data.words, fit.data.hash, counts, per_word, fit.data.more)
    write(folder, fit, drawings, start, evidence, ancestors)


def write(
    folder: Path,
    run: FinishedRun,
    drawings: Drawn,
    start: Weights | None,
    evidence: Mapping[str, Any],
    ancestors: Sequence[str] = (),
) -> None:
    """The same as `write_run` for a run of any trainer."""
    record = {
        "strategy": asdict(run.strategy),
        "settings": asdict(run.settings),
        "words": drawings.words,
        "data": {
            "hash": drawings.hash,
            "bitmaps": drawings.bitmaps,
            "per_word": drawings.per_word,
            "more": dict(drawings.more),
        },
        "seed": run.seed,
        "weights_sha256": start.sha256 or None if start else None,
        "recipe": (start.recipe if start else RECIPES["torchvision"]).name,
        "seconds": round(run.seconds, 1),
        "images_per_second": round(run.report.rate, 1),
        "history": run.report.history,
        "ancestors": list(ancestors),
        "evidence": dict(evidence),
    }
    save(folder, run.network.state_dict(), record)


def save(folder: Path, state: Mapping[str, Tensor], record: Mapping[str, Any]) -> None:
    """Write a run's folder. The record is written last, so it marks the folder as complete.

    Raises:
        UserError: when the folder cannot be written.
    """
    tensors = {name: value.cpu().contiguous() for name, value in state.items()}
    checkpoints.write(folder / "network.pt", tensors)
    with whole_file(folder / "run.json", "w") as file:
        json.dump(record, file, indent=1)


def ancestors(folders: Sequence[Path]) -> list[str]:
    """Commands of the runs in these folders and of all their ancestors, oldest first.

    Raises:
        UserError: for a `run.json` that is damaged, or not of a run.
    """
    records = [folder / "run.json" for folder in folders]
    commands = [each for record in records if record.exists() for each in _lineage(record)]
    return list(dict.fromkeys(commands))


def _lineage(record: Path) -> list[str]:
    try:
        known = json.loads(record.read_text("utf-8"))
        return [*known.get("ancestors", []), known["evidence"]["command"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"{record} does not tell how the weights beside it were made ({error!r})",
            "Mend it, or move the weights away from it if it is not of their run",
        ) from error


def open_run(folder: Path, device: torch.device) -> tuple[dict[str, Any], Network]:
    """The record and the network of a finished run.

    Raises:
        UserError: if the folder holds no finished run.
    """
    try:
        record = json.loads((folder / "run.json").read_text("utf-8"))
        shape, _, _ = shape_of(record), record["data"]["hash"], record["evidence"]["command"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"{folder} holds no finished run ({error!r})", "Train one with python -m training.train"
        ) from error
    network, file = Network(shape), folder / "network.pt"
    try:
        network.body.load_state_dict(read(file))
    except RuntimeError as error:
        raise UserError(f"{file} is not the network of its run.json", "Train it anew") from error
    return record, network.eval().on(device)


def shape_of(record: dict[str, Any]) -> Shape:
    """The network's shape, also from older records, which lack some fields."""
    settings, recipe = record["settings"], RECIPES[record["recipe"]]
    strategy: dict[str, Any] = record["strategy"]
    return Shape(
        len(record["words"]),
        settings["stride"],
        recipe.padding,
        recipe.eps,
        network=strategy.get("network", "b0"),
        channels=stem_channels(strategy.get("stem", "summed")),
        outputs=strategy.get("outputs"),
        side=settings.get("side", 28),
    )


def predictor(network: Network, device: torch.device) -> Predict:
    """A function from uint8 bitmaps (N, 28, 28) to logits (N, K), in batches, with progress."""

    def predict(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        pixels = torch.from_numpy(bitmaps)[:, None]
        with torch.inference_mode():
            parts = [network(as_input(batch.to(device))).cpu() for batch in pixels.split(256)]
        return torch.cat(parts).numpy()

    return predict
