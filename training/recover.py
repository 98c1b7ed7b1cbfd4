"""Make the run of a published model again from its files, so that training can go on from it.

    python -m training.recover --name words-b0 --out runs/words-b0 --data-dir ./data
    python -m training.train --strategy continue --words all --weights runs/words-b0/network.pt \\
        --settings.stride 2 --settings.lr 6e-4 --settings.epochs 2 --out runs/words-b0-longer

The network computes what the published graph computes; this is checked. It takes a minute, where
the commands of the model's card (training.remake) take hours.
"""

from dataclasses import dataclass
from pathlib import Path

from models import defaults
from models.command import UserError, run


@dataclass(frozen=True)
class Options:
    """Make the run of a published model again from its files."""

    out: Path
    """Folder of the run."""
    name: str = defaults.SERVED
    """Name of a published model."""
    shelf: Path = defaults.PUBLISHED
    """Folder of published models."""
    data_dir: Path | None = None
    """Folder of Quick, Draw! drawings or of your own; default $DOODLE_DATA_DIR, else ./data."""


def main(options: Options) -> None:
    """Write network.pt and run.json of the model's run.

    Raises:
        UserError: if the model or its drawings cannot be read, or it was published in int8.
    """
    if (options.out / "run.json").exists():
        raise UserError(f"{options.out} holds a finished run", "Choose another --out")
    from rich.console import Console

    from models import shelf
    from training.data import dataset, quickdraw
    from training.inference.unfolding import load_graph
    from training.networks.network import Network
    from training.publication import renamed
    from training.publication.publication import check_parity
    from training.trainer import runs

    console = Console(stderr=True)
    card = shelf.read_card(options.name, options.shelf)
    graph = shelf.read_graph(options.shelf / options.name / "model.onnx", card)
    form = card.provenance.get("form", "float")
    if form != "float":
        raise UserError(
            f"{options.name} was published in {form}, which has lost its weights",
            "Expected a model in floating point; or train it again: training.remake",
        )
    try:
        record = {**renamed.record(card.provenance["training"]), "words": card.words}
        shape = runs.shape_of(record)
    except (KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"the card of {options.name} does not tell how it was trained ({error!r})",
            "Expected a model of training.publish",
        ) from error
    folder = quickdraw.data_dir(options.data_dir)
    with console.status("reading drawings"):
        data = dataset.load(card.words, folder, strokes=False, others=False)
    pixels = data.parts["train"].bitmaps.pixels
    with console.status("measuring BatchNorm's statistics"):
        network = Network(shape)
        load_graph(network, graph, pixels)
        difference = check_parity(network, graph, pixels)
    runs.save(options.out, network.state_dict(), record)
    console.print(f"{options.out}: its outputs differ from the graph's by {difference:.1e} at most")


if __name__ == "__main__":
    run(Options, main)
