"""Published models: list them, check them against their cards, open them.

A model is a folder of `models/published/` with `model.onnx` and `card.json`. Nothing is unpickled.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from models.classifier import Classifier
from models.command import UserError, is_file_name
from models.defaults import DEFAULT, PUBLISHED, SERVED
from models.playable_words import PlayableWords
from models.user_files import read_text

Share = Annotated[float, Field(ge=0, le=1)]
MEND = "Fetch the project again, or publish the model anew with python -m training.publish"


class PlayableWord(BaseModel):
    """A word that a model of many words recognises well enough to be played.

    Attributes:
        drawings: number of finished validation drawings that it was measured on.
        recall: share of them whose first guess is the word.
        threshold: probability from which a guess of the word wins.
        wins: share of its validation drawings that win.
        difficulty: share of the finished drawings that do not reach the threshold.
        mistaken_for: the words that its drawings are most often mistaken for, with shares.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    drawings: int = Field(gt=0)
    recall: Share
    threshold: float = Field(gt=0, lt=1)
    wins: Share
    difficulty: Share
    mistaken_for: dict[str, Share]


class Card(BaseModel):
    """The card of a published model; all its numbers are written by code.

    Attributes:
        words: the network's columns in order.
        threshold: calibrated probability that wins a round: the lowest with at most 0.5 % false
            wins on validation drawings. Of a model with playable words, which have their own, it is
            the least that a word may have.
        difficulty: word -> share of its finished validation bitmaps that would not win, 0 to 1.
        playable: the words that the game asks for, each with its own threshold; empty if it asks
            for every word.
        sha256: of `model.onnx`.
        recipe: commands that reproduce the model, in order.
        provenance: versions, commit, device, hash of the split.
        metrics: figures by split and kind of drawing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    words: tuple[str, ...] = Field(min_length=2)
    architecture: str
    parameters: int = Field(gt=0)
    temperature: float = Field(gt=0, allow_inf_nan=False)
    threshold: float = Field(ge=0, le=1)
    difficulty: dict[str, Share] = Field(default={})
    playable: dict[str, PlayableWord] = Field(default={})
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    recipe: tuple[str, ...]
    provenance: dict[str, Any]
    metrics: dict[str, Any]

    @field_validator("difficulty", "playable")
    @classmethod
    def _of_own_words(cls, value: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        strangers = set(value) - set(info.data.get("words", value))
        if strangers:
            raise ValueError(f"the model does not know {', '.join(sorted(strangers))}")
        return value

    @property
    def thresholds(self) -> dict[str, float]:
        """Word -> probability from which a guess of it wins, for the words that the game asks."""
        if self.playable:
            return {word: each.threshold for word, each in self.playable.items()}
        return dict.fromkeys(self.words, self.threshold)


def names(shelf: Path = PUBLISHED) -> tuple[str, ...]:
    """Names of the models on the shelf, the default first."""
    found = sorted(path.parent.name for path in shelf.glob("*/card.json"))
    return tuple(sorted(found, key=lambda name: name != DEFAULT))


def require_name(name: str) -> None:
    """Check a name for a new model, which is that of a folder of the shelf.

    Raises:
        UserError: if it is empty or too long, or would lead out of the shelf.
    """
    if not is_file_name(name):
        raise UserError(f"{name!r} is no name of a model", "Expected one such as my-model")


def read_card(name: str, shelf: Path = PUBLISHED) -> Card:
    """The card of a published model.

    Raises:
        UserError: when there is no such model or its card is damaged.
    """
    there = names(shelf)
    if name not in there:
        known = ", ".join(there) or "none"
        raise UserError(f"no model {name!r} on the shelf", f"Known models: {known}. {MEND}")
    path = shelf / name / "card.json"
    try:
        return Card.model_validate_json(read_text(path, MEND))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise UserError(f"{path} is damaged at {where}: {first['msg']}", MEND) from error


def open_model(name: str = DEFAULT, shelf: Path = PUBLISHED, threads: int = 1) -> Classifier:
    """Open a published model after checking its graph against its card.

    Raises:
        UserError: when the model is missing, truncated, tampered with, or does not fit its card.
    """
    return _open(read_card(name, shelf), shelf / name / "model.onnx", threads)


def open_judge(name: str = SERVED, shelf: Path = PUBLISHED) -> Classifier | PlayableWords:
    """Open a published model for the game, which asks only for its playable words.

    Raises:
        UserError: as `open_model`.
    """
    card = read_card(name, shelf)
    model = _open(card, shelf / name / "model.onnx")
    return PlayableWords(model, card.thresholds, card.difficulty) if card.playable else model


def read_graph(path: Path, card: Card) -> bytes:
    """A published model's ONNX graph, checked to be the one that its card describes.

    Raises:
        UserError: when it is missing or another one.
    """
    try:
        onnx = path.read_bytes()
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}", MEND) from error
    if hashlib.sha256(onnx).hexdigest() != card.sha256:
        raise UserError(f"{path} is not the file its card describes (sha256 differs)", MEND)
    return onnx


def _open(card: Card, path: Path, threads: int = 1) -> Classifier:
    onnx = read_graph(path, card)
    model = Classifier(onnx, card.words, card.temperature, card.threshold, threads, card.difficulty)
    _check_metadata(path, model.metadata, card)
    return model


def _check_metadata(path: Path, metadata: Mapping[str, str], card: Card) -> None:
    """A graph that carries words, temperature and threshold must carry the card's."""
    expected = {
        "words": json.dumps(card.words),
        "temperature": repr(card.temperature),
        "threshold": repr(card.threshold),
    }
    for name, value in expected.items():
        if metadata.get(name, value) != value:
            raise UserError(f"{path} has other {name} than its card", MEND)
