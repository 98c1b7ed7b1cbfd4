"""A pack of words: some of a wide classifier's columns, and one for "something else".

Renormalising over the pack's words alone would assign every drawing to one of them: with ten of 345
words, a shape slightly like a sun would get a high probability for "sun". The remaining probability
is therefore kept in one more column, `REST`, which no player is asked to draw.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.command import UserError

REST = "something else"


class WideModel(Protocol):
    """What is needed of `models.classifier.Classifier`."""

    @property
    def words(self) -> tuple[str, ...]: ...

    @property
    def temperature(self) -> float: ...

    def logits(self, bitmaps: NDArray[np.uint8], /) -> NDArray[np.float32]:
        """Raw scores (N, K) of bitmaps (N, 28, 28)."""
        ...


class WordPack:
    """Judges a pack of words with a classifier of more words; safe to call from several threads.

    Args:
        model: the wide classifier.
        words: of the pack, at least two, all known to the model.
        temperature: logits are divided by it, > 0, as calibrated for use in packs
            (`training.metrics.packs`); None for the model's own.
        thresholds: the probability from which a guess of a word wins, by word.
        rest_weight: what the probability of all other words is multiplied by before rows are made
            to sum to 1, >= 0. 1 leaves it; less makes the pack's words more likely, as players draw
            nothing else on purpose.

    Raises:
        UserError: when the model does not know a word.
    """

    def __init__(
        self,
        model: WideModel,
        words: Sequence[str],
        temperature: float | None = None,
        thresholds: Mapping[str, float] | None = None,
        rest_weight: float = 1.0,
    ) -> None:
        unknown = [word for word in words if word not in model.words]
        if unknown or len(words) < 2:
            raise UserError(
                f"a pack of {len(words)} words, {len(unknown)} of them unknown to the model"
                + "".join(f" {word!r}" for word in unknown[:3]),
                "Expected at least two words that the model knows",
            )
        self.words = tuple(words)
        self.thresholds = dict(thresholds or {})
        self._model = model
        self._temperature = temperature or model.temperature
        self._rest_weight = rest_weight
        self._columns = np.array([model.words.index(word) for word in words])

    def probabilities(self, bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities (N, P + 1) of bitmaps (N, 28, 28): the pack's words, then `REST`."""
        return with_rest(
            self._model.logits(bitmaps), self._columns, self._temperature, self._rest_weight
        )


def with_rest(
    logits: NDArray[np.float32],
    columns: NDArray[np.integer],
    temperature: float = 1.0,
    rest_weight: float = 1.0,
) -> NDArray[np.float32]:
    """Rows (N, P + 1) that sum to 1, of logits (N, K): the chosen columns, then all others'."""
    scaled = logits / np.float32(temperature)
    powers = np.exp(scaled - scaled.max(1, keepdims=True))
    chosen = powers[:, columns]
    others = np.ones(logits.shape[1], bool)
    others[columns] = False
    rest = np.float32(rest_weight) * powers[:, others].sum(1, keepdims=True)
    rows = np.concatenate([chosen, rest], 1)
    return rows / np.maximum(rows.sum(1, keepdims=True), np.finfo(np.float32).tiny)
