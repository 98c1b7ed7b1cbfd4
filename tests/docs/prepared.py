"""What pages take for given in a clone: drawings, weights and runs."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from models.drawing import Drawing
from models.raster import rasterise_batch
from models.words import ALL, CLASSIC
from tests import made
from tests.docs.pages import Reader
from tests.training import own_folder

MANY = 20  # drawings of each classic word, on which most networks are trained and measured
TRAINED = range(2, 5)  # drawings of the other words: these are of the training split
EVALUATED = range(4)  # of every twentieth word: one more of the test split, one of validation
WEIGHTS = """
import torch
from efficientnet_pytorch import EfficientNet

network = EfficientNet.from_name("efficientnet-b0", image_size=28, num_classes=10)
torch.save(network.state_dict(), "random.pth")
"""
RESNET18 = """
import timm
import torch

torch.save(timm.create_model("resnet18").state_dict(), "resnet18.pth")
"""


def drawings(word: str) -> list[Drawing]:
    """Drawings of a word; those of the classic words all differ."""
    if word in CLASSIC:
        drawn = made.drawings("star", MANY, MANY * CLASSIC.index(word))
    else:
        numbers = EVALUATED if ALL.index(word) % 20 == 0 else TRAINED
        drawn = [made.drawing("circle", number) for number in numbers]
    return [replace(drawing, word=word) for drawing in drawn]


def ndjson(word: str) -> bytes:
    """A file of the stroke drawings of a word."""
    return "".join(drawing.to_json() + "\n" for drawing in drawings(word)).encode()


def data(clone: Path) -> None:
    """`data`: bitmaps of every word, as after `training.fetch --words all`."""
    for word in ALL:
        made.write_bitmaps(clone / "data", word, rasterise_batch(drawings(word)))


def mine(clone: Path) -> None:
    """`mine`: drawings of fruit and of other words, in the three forms that a folder may have."""
    for words in (own_folder.WORDS, ("apple", "pear", "plum")):
        own_folder.write(clone / "mine", words)


def collection(folder: Path, words: Iterable[str]) -> None:
    """Stroke drawings by other people."""
    folder.mkdir(parents=True)
    for word in words:
        (folder / f"{word}.ndjson").write_bytes(ndjson(word))


def weights(reader: Reader) -> None:
    """`random.pth`, in place of ImageNet's weights of B0, of the same shapes."""
    reader.python("-c", WEIGHTS)


def run(reader: Reader, name: str) -> None:
    """A finished run of B0 on the classic words."""
    reader.do(f"python -m training.train --strategy full --out runs/{name}")
