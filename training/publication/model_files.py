"""The files of a published model: a graph that can be used alone, and its weights."""

import json
from pathlib import Path

import onnx
from safetensors.torch import save

from models.command import whole_file
from models.shelf import Card
from training.networks.network import Network
from training.publication.hub_metadata import LICENSE


def described(
    graph: bytes, words: tuple[str, ...], temperature: float, threshold: float, source: str
) -> bytes:
    """An ONNX graph that carries its words, temperature, threshold and licence as metadata.

    Args:
        graph: the serialised model.
        words: K words in column order.
        temperature: the number that logits are divided by.
        threshold: the calibrated probability from which a guess wins.
        source: who drew what it was trained on, and their licence.
    """
    model = onnx.load_model_from_string(graph)
    values = {
        "words": json.dumps(words),
        "temperature": repr(temperature),
        "threshold": repr(threshold),
        "license": LICENSE,
        "data": source,
    }
    onnx.helper.set_model_props(model, values)
    return model.SerializeToString()


def write_weights(network: Network, card: Card, folder: Path) -> None:
    """Write `model.safetensors`: the network's tensors under the names of its run.

    Raises:
        UserError: if the folder cannot be written.
    """
    state = {name: value.cpu().contiguous() for name, value in network.body.state_dict().items()}
    with whole_file(folder / "model.safetensors") as file:
        file.write(
            save(state, {"name": card.name, "words": json.dumps(card.words), "license": LICENSE})
        )
