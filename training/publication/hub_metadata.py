"""Metadata for the Hugging Face Hub: the front matter of a model's README.

The fields are those of the Hub's model cards (https://huggingface.co/docs/hub/model-cards). The
values are JSON, which is YAML too.
"""

import json
from typing import Any

from models.shelf import Card
from training.publication.credit import of_card

LICENSE = "apache-2.0"


def front_matter(card: Card) -> str:
    """The front matter of a card's README; all numbers come from the card."""
    drawn = of_card(card)
    data_sets = {"datasets": [drawn.data_set["type"]]} if drawn.on_hub else {}
    fields: dict[str, Any] = {
        "license": LICENSE,
        "library_name": "onnx",
        "pipeline_tag": "image-classification",
        "tags": ["onnx", "safetensors", *drawn.tags, "sketch", "doodle"],
        **data_sets,
        "model-index": [{"name": card.name, "results": _results(card)}],
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    return "\n".join(["---", *lines, "---"])


def _results(card: Card) -> list[dict[str, Any]]:
    test = card.metrics["test"]
    figures = {
        ("accuracy", "top-1 of finished bitmaps"): test["bitmaps"]["top1"],
        ("accuracy", "top-1 at half the ink, mean over words"): test["partial"]["50%"][
            "top1_macro"
        ],
        ("recall", "drawings that win, mean over words"): test["wins"]["true"],
        ("expected_calibration_error", "calibration error"): test["bitmaps"]["calibration_error"],
    }
    return [
        {
            "task": {"type": "image-classification", "name": "Doodle recognition"},
            "dataset": of_card(card).data_set,
            "metrics": [
                {"type": kind, "name": name, "value": round(value, 4)}
                for (kind, name), value in figures.items()
                if value == value  # the Hub does not accept NaN
            ],
        }
    ]
