"""Publication of a run's network: export, check, calibrate, evaluate, and write its files."""

import hashlib
import math
import shlex
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from torch import Tensor, nn

from models import shelf
from models.classifier import Classifier
from models.command import UserError, whole_file
from models.raster import SIDE
from training.choices import GraphForm
from training.data import collection
from training.data.dataset import Dataset
from training.inference import quantisation
from training.metrics import outside, playable, primitives
from training.metrics.evaluation import calibrated, evaluate
from training.metrics.wins import FALSE_WINS
from training.networks.network import Network
from training.publication import credit, model_card, model_files
from training.trainer import evidence
from training.trainer.runs import Predict, open_run, predictor

CPU = torch.device("cpu")
PARITY = 1e-4  # largest difference between torch's and ONNX Runtime's logits
PARITY_DRAWINGS = 512
BATCH = 64


def publish(
    folder: Path,
    name: str,
    data: Dataset,
    to: Path,
    console: Console,
    outside_folder: Path | None = None,
    form: GraphForm = "float",
    select_words: bool = False,
) -> shelf.Card:
    """Export, check, calibrate, evaluate and publish the network of a finished run.

    Args:
        folder: of the run.
        name: of the model.
        data: drawings of the run's words and of other ones.
        to: folder of published models.
        console: for progress messages.
        outside_folder: of drawings from outside Quick, Draw!, to measure on.
        form: number format of the graph.
        select_words: whether the game shall ask only for the words that the network recognises well
            enough, each with its own threshold (`training.metrics.playable`).

    Raises:
        UserError: if the name is no folder's, the run cannot be opened, torch and the exported
            graph disagree, the form loses too much, no threshold keeps false wins low enough, or
            the shelf cannot be written.
    """
    shelf.require_name(name)
    record, network = open_run(folder, CPU)
    words, held_out = data.words, data.parts["validation"].bitmaps.pixels
    with console.status("exporting"):
        onnx = export(network)
    difference = check_parity(network, onnx, held_out)
    if form == "int8":
        onnx = quantisation.quantised(onnx, words, data)
    predict = batched(Classifier(onnx, words, threads=0))
    console.print(f"parity with torch: {difference:.1e}; measuring on validation, then test")
    lowest = playable.LOWEST if select_words else None  # words get thresholds of their own below
    validation = evaluate(predict, data.parts["validation"], words, threshold=lowest)
    threshold, temperature = validation["wins"]["threshold"], validation["temperature"]
    if not select_words and validation["wins"]["false"] > FALSE_WINS:
        raise UserError(
            f"no threshold keeps false wins below {FALSE_WINS:.1%} on validation drawings",
            "Train with outliers: --settings.mixture.outliers 0.2",
        )
    chosen = playable_words(predict, data, temperature) if select_words else {}
    test = evaluate(predict, data.parts["test"], words, temperature, threshold)
    probabilities = calibrated(predict, temperature)
    thresholds = dict.fromkeys(words, float(threshold))
    if chosen:
        thresholds = {w: each.threshold for w, each in chosen.items()}
        test |= _measure_playable(probabilities, data, thresholds)
        for metrics in (validation, test):  # a table of all pairs of words would outweigh the rest
            del metrics["bitmaps"]["confusion"]
    drawn = credit.credit(data.own)
    again = shlex.join(evidence.without_upload(shlex.split(evidence.command())))
    onnx = model_files.described(onnx, words, temperature, threshold, drawn.source)
    if outside_folder:
        learned = record["data"].get("more", {})
        collections = collection.to_measure(outside_folder, words, thresholds, learned)
        test["outside"] = outside.measure(probabilities, collections, words, thresholds)
    card = shelf.Card(
        name=name,
        words=words,
        architecture=network.description,
        parameters=sum(parameter.numel() for parameter in network.parameters()),
        temperature=temperature,
        threshold=threshold,
        difficulty={w: each.difficulty for w, each in chosen.items()}
        or {w: 1 - won for w, won in validation["bitmaps"]["won_by_word"].items()},
        playable=chosen,
        sha256=hashlib.sha256(onnx).hexdigest(),
        recipe=(*record["ancestors"], record["evidence"]["command"], again),
        provenance={
            "training": {k: v for k, v in record.items() if k != "words"},
            "publishing": evidence.evidence(CPU)
            | {"data": data.hash}
            | ({credit.OWN_DRAWINGS: True} if data.own else {}),
            "parity": difference,
            "form": form,
        },
        metrics={"validation": validation, "test": test},
    )
    _write(card, onnx, network, to / name)
    console.print(f"published {name}: test top-1 {test['bitmaps']['top1']:.2%}")
    return card


def playable_words(
    predict: Predict, data: Dataset, temperature: float
) -> dict[str, shelf.PlayableWord]:
    """The playable words and their metrics on validation.

    Raises:
        UserError: if fewer than two words are recognised well enough.
    """
    drawings = playable.judge(calibrated(predict, temperature), data.parts["validation"])
    found = playable.measure(drawings, data.words)
    chosen = {w: shelf.PlayableWord(**e) for w, e in found.items() if e.pop("playable")}
    if len(chosen) < 2:
        raise UserError(
            f"{len(chosen)} of {len(data.words)} words are recognised well enough to be played",
            "Train longer, or publish without --select-words",
        )
    return chosen


def _measure_playable(
    probabilities: Predict, data: Dataset, thresholds: Mapping[str, float]
) -> dict[str, Any]:
    """Metrics of the playable words on test drawings, and which simple shapes win them."""
    drawings = playable.judge(probabilities, data.parts["test"])
    return {
        "playable": playable.check(drawings, data.words, thresholds),
        "primitives": primitives.measure(
            probabilities, data.words, lambda word: thresholds.get(word, math.inf)
        ),
    }


class _Exported(nn.Module):
    """What the graph computes: uint8 bitmaps (N, 28, 28) to logits (N, K)."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, bitmaps: Tensor) -> Tensor:
        return self.network(bitmaps.unsqueeze(1).float() / 255)


def export(network: Network) -> bytes:
    """The network as a serialised ONNX graph over uint8 bitmaps, any batch size."""
    example = torch.zeros(2, SIDE, SIDE, dtype=torch.uint8)
    module = _Exported(network).eval()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch.onnx warns of its own internals
        path = Path(folder) / "model.onnx"
        torch.onnx.export(
            module,
            (example,),
            path,
            input_names=["bitmaps"],
            output_names=["logits"],
            dynamic_axes={"bitmaps": {0: "n"}, "logits": {0: "n"}},
            dynamo=False,
        )
        return path.read_bytes()


def check_parity(network: Network, onnx: bytes, bitmaps: NDArray[np.uint8]) -> float:
    """Largest difference between the logits of torch and ONNX Runtime on real drawings.

    Of more than `PARITY_DRAWINGS` bitmaps, about as many are compared, evenly spread.

    Raises:
        UserError: if it is above `PARITY`.
    """
    bitmaps = bitmaps[:: max(len(bitmaps) // PARITY_DRAWINGS, 1)]
    exported = Classifier(onnx, tuple(map(str, range(network.shape.classes)))).logits(bitmaps)
    own = predictor(network, CPU)(bitmaps)
    difference = float(np.abs(exported - own).max())
    if not difference <= PARITY:
        raise UserError(
            f"the exported graph differs from torch by {difference:.1e}",
            f"expected at most {PARITY}",
        )
    return difference


def batched(classifier: Classifier) -> Predict:
    def predict(bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        starts = range(0, len(bitmaps), BATCH)
        return np.concatenate([classifier.logits(bitmaps[i : i + BATCH]) for i in starts])

    return predict


def _write(card: shelf.Card, onnx: bytes, network: Network, folder: Path) -> None:
    model_files.write_weights(network, card, folder)
    with whole_file(folder / "model.onnx") as file:
        file.write(onnx)
    with whole_file(folder / "card.json", "w") as file:
        file.write(card.model_dump_json(indent=1) + "\n")
    model_card.write(card, folder)
