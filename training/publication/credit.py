"""Whose drawings a published model was trained and measured on."""

from dataclasses import dataclass
from typing import Any

from models.shelf import Card

OWN_DRAWINGS = "own_drawings"  # in a card's record of publishing: not those of Quick, Draw!


@dataclass(frozen=True)
class Credit:
    """How a card names its drawings.

    Attributes:
        drawings: in a sentence, before "of cat, dog".
        bitmaps: the finished bitmaps, in a table.
        source: who drew them, and their licence.
        data_set: on the Hugging Face Hub: type, name and split.
        example: of bitmaps that the model takes, in a comment of code.
        on_hub: whether the Hub has that data set.
        tags: for the Hub's search.
    """

    drawings: str
    bitmaps: str
    source: str
    data_set: dict[str, str]
    example: str
    on_hub: bool = False
    tags: tuple[str, ...] = ()


QUICK_DRAW = Credit(
    drawings="Quick, Draw! drawings",
    bitmaps="Google's bitmaps",
    source="Quick, Draw! by Google, CC BY 4.0",
    data_set={"type": "google/quickdraw", "name": "Quick, Draw!", "split": "test"},
    example="of Quick, Draw!'s numpy_bitmap",
    on_hub=True,
    tags=("quickdraw",),
)
OWN = Credit(
    drawings="its publisher's own drawings",
    bitmaps="bitmaps",
    source="the publisher's own",
    example="white ink on black, in 0 .. 255",
    data_set={"type": "own-drawings", "name": "the publisher's own drawings", "split": "test"},
)


def credit(own: bool) -> Credit:
    """The credit for someone's own drawings, or for those of Quick, Draw!."""
    return OWN if own else QUICK_DRAW


def of_card(card: Card) -> Credit:
    """The credit of a published model."""
    publishing: dict[str, Any] = card.provenance.get("publishing", {})
    return credit(publishing.get(OWN_DRAWINGS, False))
