"""A stock Gradio page that guesses drawings, for benchmarks.page: gr.Sketchpad and eager torch.

    python -m benchmarks.tools.stock_page --run runs/full

The page is the one that Gradio's guide on sketch recognition builds: a live Interface from a sketch
pad to a label, with its queue. The network has the weights of a run, or is efficientnet-pytorch's
own with random weights.
"""

from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypedDict

import gradio as gr
import numpy as np
import torch
from PIL import Image

from benchmarks.classifier import stem_stride
from benchmarks.tools.eager import Guess, guesser, network
from models import shelf
from models.command import run
from models.raster import SIDE
from training.trainer.runs import open_run


@dataclass(frozen=True)
class Options:
    """Serve the stock page on a free port and print its address."""

    model: str = shelf.DEFAULT
    """Name of the published model with the same words and the same stride of the stem."""
    shelf: Path = shelf.PUBLISHED
    """Folder of published models."""
    run: Path | None = None
    """Run folder of training.train with the weights. Default: random weights."""


class Sketch(TypedDict):
    """The part of the value of gr.Sketchpad that is used here."""

    composite: Image.Image


def main(options: Options) -> None:
    card = shelf.read_card(options.model, options.shelf)
    if options.run is None:
        module = network(len(card.words), stem_stride(card))
    else:
        module = open_run(options.run, torch.device("cpu"))[1]
    page = build(guesser(module), card.words)
    _, url, _ = page.launch(server_name="127.0.0.1", prevent_thread_lock=True, quiet=True)
    print(f"Stock page: {url}", flush=True)
    page.block_thread()


def build(guess: Guess, words: tuple[str, ...]) -> gr.Interface:
    """The page. Each guess shows its number, so that a benchmark notices also an equal guess."""
    numbers = count(1)

    def predict(sketch: Sketch) -> dict[str, float]:
        ink = sketch["composite"].getchannel("A").resize((SIDE, SIDE))
        row = guess(np.array(ink)[None])[0].tolist()
        number = next(numbers)
        return {f"{word} #{number}": p for word, p in zip(words, row, strict=True)}

    return gr.Interface(
        predict,
        gr.Sketchpad(type="pil", elem_id="sketch"),
        gr.Label(num_top_classes=5, elem_id="label"),
        live=True,
        flagging_mode="never",
        analytics_enabled=False,
    )


if __name__ == "__main__":
    run(Options, main)
