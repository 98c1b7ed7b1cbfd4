"""The playable words of a classifier that knows more words than the game asks for.

The classifier keeps all its columns: a drawing of a mug takes probability from "cup", although
nobody is asked to draw a mug. The probabilities of the playable words are therefore those among all
words, and what is missing to 1 is the probability that the drawing shows something else.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from models.classifier import Classifier
from models.command import UserError


class PlayableWords:
    """Judges only some words of a classifier; safe to call from several threads.

    Args:
        model: the classifier of all words.
        thresholds: lowest probability with which a guess of a word wins, for each playable word.
        difficulty: of the playable words, in [0, 1].

    Attributes:
        words: the P playable words, in the order of the classifier's columns.

    Raises:
        UserError: when the classifier does not know a word, or fewer than two are playable.
    """

    def __init__(
        self, model: Classifier, thresholds: Mapping[str, float], difficulty: Mapping[str, float]
    ) -> None:
        unknown = sorted(set(thresholds) - set(model.words))
        if unknown or len(thresholds) < 2:
            raise UserError(
                f"{len(thresholds)} playable words, of which the model does not know "
                f"{', '.join(unknown) or 'none'}",
                "Expected at least two words that the model knows",
            )
        self.words = tuple(word for word in model.words if word in thresholds)
        self.thresholds: Mapping[str, float] = dict(thresholds)
        self.difficulty: Mapping[str, float] = dict(difficulty)
        self._model = model
        self._columns = np.array([model.words.index(word) for word in self.words])

    def probabilities(self, bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Calibrated probabilities (N, P) float32 of bitmaps (N, 28, 28); rows sum to at most 1."""
        return self._model.probabilities(bitmaps)[:, self._columns]
