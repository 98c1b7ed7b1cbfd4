"""How well models judge a race: our models and others, on held-out drawings.

    python -m benchmarks.judge --data-dir ./data --doodlenet doodlenet_345.pth

`training.evaluate` measures all models in the same way, on the validation split: accuracy on
finished and on partial drawings, and false wins.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.tools.doodlenet import open_doodlenet
from benchmarks.tools.result import RESULTS, rounded, show, write
from models import shelf
from models.command import run
from training.data import dataset, quickdraw
from training.metrics.evaluation import evaluate
from training.publication.publication import batched

INK = ("25%", "50%", "75%")

HOW = """All contenders judge the same validation drawings of the split. The measures are: top-1
of Google's finished bitmaps; top-1 of stroke drawings at a share of their ink, over all drawings
and as the mean over words with at least five; the threshold that has with certainty at most 0.5 %
false wins, found on these drawings in the same way as for a card, and the true wins at this
threshold; the calibration error after a temperature fitted here; and the worst result on perturbed
drawings. doodleNet was trained on 45,000 drawings per word, which probably include these. It knows
345 words; only the model's words are compared."""


@dataclass(frozen=True)
class Options:
    """Measure published models, and others, as judges of a race."""

    models: tuple[str, ...] = ()
    """Names of published models of the same words. Default: all that know the first one's words."""
    shelf: Path = shelf.PUBLISHED
    """Folder of published models."""
    doodlenet: Path | None = None
    """Checkpoint of doodleNet, to measure it as well."""
    data_dir: Path | None = None
    """Folder of drawings. Default: $DOODLE_DATA_DIR, else ./data."""
    out: Path = RESULTS / "judge.json"
    """Result file."""


def main(options: Options) -> None:
    names = options.models or shelf.names(options.shelf)
    opened = {name: shelf.open_model(name, options.shelf, threads=0) for name in names}
    words = opened[names[0]].words
    contenders = {name: batched(model) for name, model in opened.items() if model.words == words}
    if options.doodlenet:
        contenders["doodleNet"] = open_doodlenet(options.doodlenet, words)
    with Console(stderr=True).status("reading drawings"):
        data = dataset.load(words, quickdraw.data_dir(options.data_dir))
    part = data.parts["validation"]
    found = {name: _judge(evaluate(p, part, words)) for name, p in contenders.items()}
    _print(found)
    write(options.out, HOW, {"data": data.hash, "split": "validation", "contenders": found})


def _judge(measured: dict[str, Any]) -> dict[str, Any]:
    """The measures that matter for a judge of races."""
    wins, hands = measured["wins"], measured["other_hands"]
    worst = min(hands, key=lambda hand: hands[hand])
    return {
        "top1": rounded(measured["bitmaps"]["top1"]),
        "partial": {share: rounded(measured["partial"][share]["top1"]) for share in INK},
        "partial_macro": {
            share: rounded(measured["partial"][share]["top1_macro"]) for share in INK
        },
        "threshold": wins["threshold"],
        "false_wins": rounded(wins["false"]),
        "true_wins": rounded(wins["true"]),
        "false_wins_without_threshold": rounded(wins["curve"][0]["false"]),
        "nonsense_wins": {kind: rounded(share) for kind, share in wins["nonsense"].items()},
        "calibration_error": rounded(measured["bitmaps"]["calibration_error"]),
        "worst_hand": {worst: rounded(hands[worst])},
        "drawings": {"bitmaps": measured["bitmaps"]["n"], "strokes": wins["drawings"]},
    }


def _print(found: dict[str, dict[str, Any]]) -> None:
    rows = [
        [
            name,
            f"{of['top1']:.1%}",
            *(f"{of['partial'][share]:.1%}" for share in INK),
            f"{of['false_wins']:.2%}",
            f"{of['true_wins']:.1%}",
            f"{of['calibration_error']:.2%}",
        ]
        for name, of in found.items()
    ]
    columns = ["", "finished", *(f"{share} ink" for share in INK), "false wins", "true wins", "ECE"]
    show("Judges, validation drawings", columns, rows)


if __name__ == "__main__":
    run(Options, main)
