"""Measure a trained network on held-out drawings.

    python -m training.evaluate --run runs/full --data-dir ./data

Writes `evaluation.json` into the run's folder: accuracy on finished bitmaps, on rendered strokes,
on partial drawings, after each stroke and on changed drawings, calibration, and how often drawings
would win their own word or another word, including meaningless drawings. --outside adds drawings
from outside Quick, Draw!. Bitmaps of words without stroke drawings are traced.
"""

from dataclasses import dataclass
from pathlib import Path

from models.command import run
from training.choices import Split


@dataclass(frozen=True)
class Options:
    """Measure a trained network on held-out drawings."""

    run: Path
    """Folder that training.train wrote."""
    split: Split = "validation"
    """Split to evaluate on. The test split is for publishing: use it once, at the end."""
    data_dir: Path | None = None
    """Folder of Quick, Draw! drawings or of your own; default $DOODLE_DATA_DIR, else ./data."""
    outside: Path | None = None
    """Folder of drawings from outside Quick, Draw! to measure on (`training.metrics.outside`)."""
    device: str = "auto"
    """auto, cpu, cuda or cuda:N."""


def main(options: Options) -> None:
    """Evaluate the run's network, and write `evaluation.json`.

    Raises:
        UserError: for a missing run or missing drawings, or if the result cannot be written.
    """
    import json

    from rich.console import Console

    from models.command import whole_file
    from training.data import collection, dataset, quickdraw
    from training.inference.device import pick_device
    from training.metrics import outside
    from training.metrics.evaluation import calibrated, evaluate
    from training.trainer import evidence
    from training.trainer.runs import open_run, predictor

    console = Console(stderr=True)
    device = pick_device(options.device)
    record, network = open_run(options.run, device)
    with console.status("reading drawings"):
        data = dataset.load(tuple(record["words"]), quickdraw.data_dir(options.data_dir))
    part = data.parts[options.split]
    learned = record["data"].get("more", {})
    collections = (
        collection.to_measure(options.outside, data.words, learned=learned)
        if options.outside
        else ()
    )
    predict = predictor(network, device)
    result = evaluate(predict, part, data.words)
    if collections:
        temperature, threshold = result["temperature"], result["wins"]["threshold"]
        result["outside"] = outside.measure(
            calibrated(predict, temperature),
            collections,
            data.words,
            dict.fromkeys(data.words, float(threshold)),
        )
    result["split"] = options.split
    result["evidence"] = evidence.evidence(device) | {"data": data.hash}
    path = options.run / "evaluation.json"
    with whole_file(path, "w") as file:
        json.dump(result, file, indent=1)
    console.print(
        f"{options.split}: bitmaps {result['bitmaps']['top1']:.2%}, our rasters "
        f"{result['rasters']['top1_macro']:.2%}, threshold {result['wins']['threshold']}, "
        f"false wins {result['wins']['false']:.2%}, true wins {result['wins']['true']:.1%}; {path}"
    )


if __name__ == "__main__":
    run(Options, main)
