"""A published network run by ONNX Runtime: from bitmaps to calibrated probabilities.

The graph takes uint8 bitmaps and gives logits; the temperature (Guo et al. 2017, arXiv 1706.04599)
comes from the model's card and calibrates the probabilities.
"""

from collections.abc import Mapping

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from models.command import UserError
from models.raster import SIDE


class Classifier:
    """One shared session; safe to call from several threads.

    Args:
        onnx: the serialised graph: (N, 28, 28) uint8 -> (N, K) float32 logits.
        words: the K words in column order.
        temperature: logits are divided by it, > 0.
        threshold: lowest probability with which a guess wins in the game, in [0, 1]; the same for
            every word.
        threads: intra-op threads; one is best when a server judges many small batches.
        difficulty: of words, in [0, 1]; see the card.

    Raises:
        UserError: when the graph is damaged, or does not fit bitmaps and words.
    """

    def __init__(
        self,
        onnx: bytes,
        words: tuple[str, ...],
        temperature: float = 1.0,
        threshold: float = 0.5,
        threads: int = 1,
        difficulty: Mapping[str, float] | None = None,
    ) -> None:
        self.words = words
        self.temperature = temperature
        self.threshold = threshold
        self.thresholds: Mapping[str, float] = dict.fromkeys(words, threshold)
        self.difficulty: Mapping[str, float] = difficulty or {}
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = ort.InferenceSession(onnx, options, ["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime's own exceptions share no public base class
            raise UserError(f"the model's graph cannot be opened: {error}") from error
        self._input = self._session.get_inputs()[0]
        self._check_shapes()

    def _check_shapes(self) -> None:
        output = self._session.get_outputs()[0]
        if self._input.type != "tensor(uint8)" or list(self._input.shape[1:]) != [SIDE, SIDE]:
            raise UserError(
                f"the model takes {self._input.type} {self._input.shape}",
                f"expected uint8 bitmaps (N, {SIDE}, {SIDE})",
            )
        if list(output.shape[1:]) != [len(self.words)]:
            raise UserError(
                f"the model gives {output.shape}",
                f"expected (N, {len(self.words)}), one column a word",
            )

    @property
    def metadata(self) -> Mapping[str, str]:
        """Metadata of the graph: words (JSON), temperature, threshold, license."""
        return self._session.get_modelmeta().custom_metadata_map

    def logits(self, bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Raw scores (N, K) of bitmaps (N, 28, 28) uint8, white ink on black.

        Raises:
            ValueError: for bitmaps of another type or shape.
        """
        if bitmaps.dtype != np.uint8 or bitmaps.ndim != 3 or bitmaps.shape[1:] != (SIDE, SIDE):
            raise ValueError(
                f"expected uint8 (N, {SIDE}, {SIDE}), found {bitmaps.dtype} {bitmaps.shape}"
            )
        return np.asarray(self._session.run(None, {self._input.name: bitmaps})[0], np.float32)

    def probabilities(self, bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Calibrated probabilities (N, K) float32 of bitmaps (N, 28, 28) uint8; rows sum to 1."""
        return softmax(self.logits(bitmaps) / np.float32(self.temperature))


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of logits (N, K) to rows of probabilities (N, K)."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
