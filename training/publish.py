"""Publish a trained network for the game.

    python -m training.publish --run runs/full --name classic-b0 --data-dir ./data

Exports the network to ONNX, checks that its outputs equal torch's, fits temperature and threshold
on validation drawings, evaluates it once on the test split, and writes model.onnx,
model.safetensors, card.json and README.md. Every number in them is computed here. --to-hub also
uploads them to the Hugging Face Hub.
"""

from dataclasses import dataclass
from pathlib import Path

from models import defaults
from models.command import run
from training.choices import GraphForm


@dataclass(frozen=True)
class Options:
    """Export, calibrate, measure and publish a trained network."""

    run: Path
    """Folder that training.train wrote."""
    name: str = defaults.DEFAULT
    """Name of the model's folder."""
    data_dir: Path | None = None
    """Folder of Quick, Draw! drawings or of your own; default $DOODLE_DATA_DIR, else ./data."""
    shelf: Path = defaults.PUBLISHED
    """Folder of published models."""
    outside: Path | None = None
    """Folder of drawings from outside Quick, Draw! (`training.data.collection`) to measure on."""
    form: GraphForm = "float"
    """Number format of the graph: "float", or "int8", which is smaller and on some processors
    faster, and is rejected if it loses accuracy (`training.inference.quantisation`).
    """
    select_words: bool = False
    """Let the game ask only for the words that the network recognises well enough, each with its
    own threshold (`training.metrics.playable`). For networks of many words.
    """
    to_hub: str | None = None
    """Model repository of the Hugging Face Hub, owner/name, to upload the model to."""


def main(options: Options) -> None:
    """Publish the run's network; see `training.publication.publication`.

    Raises:
        UserError: for a missing run or missing drawings, or a network that cannot be published.
    """
    from rich.console import Console

    from models import shelf
    from training.data import dataset, quickdraw
    from training.publication.hub_upload import upload
    from training.publication.publication import CPU, publish
    from training.trainer.runs import open_run

    shelf.require_name(options.name)
    console = Console(stderr=True)
    record, _ = open_run(options.run, CPU)
    with console.status("reading drawings"):
        data = dataset.load(tuple(record["words"]), quickdraw.data_dir(options.data_dir))
    publish(
        options.run,
        options.name,
        data,
        options.shelf,
        console,
        outside_folder=options.outside,
        form=options.form,
        select_words=options.select_words,
    )
    if options.to_hub is not None:
        console.print(f"sent to {upload(options.shelf / options.name, options.to_hub)}")


if __name__ == "__main__":
    run(Options, main)
