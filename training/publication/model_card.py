"""The README.md of a published model, written from its card."""

import math
from pathlib import Path
from typing import Any

from models.command import whole_file
from models.shelf import Card
from training.analysis.numbers import upper
from training.metrics.playable import LOWEST
from training.publication import hub_metadata
from training.publication.credit import of_card
from training.publication.model_figures import PLOTS


def write(card: Card, folder: Path) -> None:
    """Write `README.md` and its plots beside the card."""
    for name, plot in PLOTS.items():
        with whole_file(folder / f"{name}.svg", "w") as file:
            file.write(plot(card))
    with whole_file(folder / "README.md", "w") as file:
        file.write(page(card))


def _described(strategy: dict[str, Any]) -> str:
    """A strategy's description, also from earlier records, which use another field name."""
    return strategy.get("description") or strategy["says"]


def _traced(test: dict[str, Any]) -> str:
    """A sentence on bitmaps that stood in for stroke drawings; empty without any."""
    if "traced" not in test:
        return ""
    return (
        f" There were no stroke drawings of {' and of '.join(test['traced'])}: their bitmaps were "
        "traced into strokes, in a likely order, so what concerns them here is an estimate."
    )


def page(card: Card) -> str:
    """The page as Markdown; every number comes from the card."""
    test, training = card.metrics["test"], card.provenance["training"]
    wins, drawn, kind = test["wins"], of_card(card), card.architecture
    sections = [
        f"{hub_metadata.front_matter(card)}\n\n# {card.name}",
        f"{kind[0].upper()}{kind[1:]}, {card.parameters:,} parameters, trained with the strategy "
        f"`{training['strategy']['name']}` ({_described(training['strategy'])}) on "
        f"{drawn.drawings} of {_words(card)}.{_soup(training)} Written by `training.publish`; "
        "the figures below are on drawings of the test split, which nothing was tuned to.",
        "## Finished drawings",
        _table(
            ["measured on", "drawings", "top-1", "mean over words"],
            [
                [name, n, _percent(figures["top1"]), _percent(figures["top1_macro"])]
                for name, n, figures in (
                    (drawn.bitmaps, test["bitmaps"]["n"], test["bitmaps"]),
                    (
                        "strokes rasterised here",
                        sum(test["rasters"]["n"].values()),
                        test["rasters"],
                    ),
                )
            ],
        ),
        f"Calibration error {_percent(test['bitmaps']['calibration_error'])} after temperature "
        f"{card.temperature:.3f} (before it: "
        f"{_percent(test['bitmaps']['calibration_error_uncalibrated'])}).",
        "![Accuracy against probability, in bins](reliability.svg)",
        _by_word(card, test),
        "Difficulty is the share of a word's finished validation bitmaps that are not sure enough "
        "to win; the game deals easy and hard words evenly.",
        "## Partial drawings",
        "![Accuracy and wins against the share of ink](partial.svg)",
        _table(
            ["ink", *test["partial"]],
            [
                ["top-1, all drawings", *(_percent(v["top1"]) for v in test["partial"].values())],
                ["mean over words", *(_percent(v["top1_macro"]) for v in test["partial"].values())],
            ],
        ),
        _table(
            ["strokes", *test["by_stroke"]],
            [
                [name, *(_percent(v[key]) for v in test["by_stroke"].values())]
                for name, key in (
                    ("top-1, all drawings", "top1"),
                    ("mean over words", "top1_macro"),
                )
            ],
        ),
        "Strokes are cut by length of ink. The mean over words leaves out words with fewer than "
        f"five stroke drawings in the split.{_traced(test)}",
        "## Wins",
        f"{_rule(card)} On test drawings "
        f"{_percent(wins['false'])} of {wins['pairs']:,} (drawing, wrong word) pairs won falsely, "
        f"and {_percent(wins['true'])} of drawings won truly (mean over words).",
        "![True wins against false wins](false-wins.svg)",
        _table(
            ["threshold", "false wins", "true wins"],
            [
                [r["threshold"], _percent(r["false"]), _percent(r["true"])]
                for r in wins["curve"][::4]
            ],
        ),
        "And of drawings of nothing, what share of pairs won:",
        _table(list(wins["nonsense"]), [[_percent(share) for share in wins["nonsense"].values()]]),
        "## Other hands",
        _table(
            ["bitmaps", "as drawn", *test["other_hands"]],
            [["top-1", *map(_percent, [test["bitmaps"]["top1"], *test["other_hands"].values()])]],
        ),
        _table(
            ["strokes", "as drawn", *test["other_hands_strokes"]],
            [
                [
                    "mean over words",
                    *map(
                        _percent,
                        [test["rasters"]["top1_macro"], *test["other_hands_strokes"].values()],
                    ),
                ]
            ],
        ),
        *_playable(card),
        *_outside(test.get("outside", {})),
        "## Use it",
        _example(card),
        "## Make it again",
        "```\n" + "\n".join(card.recipe) + "\n```",
        f"Commit {training['evidence']['commit']}, {training['evidence']['device']}, torch "
        f"{training['evidence']['versions']['torch']}, {training['seconds'] / 60:.0f} minutes of "
        f"training, data {training['data']['hash']}. Drawings: {drawn.source}.",
    ]
    return "\n\n".join(sections) + "\n"


def _rule(card: Card) -> str:
    """The rule by which a guess wins."""
    if card.playable:
        return (
            "In the game, a word wins when it stays the first guess for a while, from its "
            "threshold on (see Playable words). Here it has to do so on two successive frames, a "
            f"tenth of the ink apart, and the threshold is {card.threshold} for all "
            f"{len(card.words)} words."
        )
    return (
        "In the game, a word wins when it stays the first guess for a while, with a probability of "
        f"at least {card.threshold}. Here it has to do so on two successive frames, a tenth of the "
        "ink apart. The threshold is the least at which surely (by the upper 95 % bound) at most "
        "0.5 % of wrong pairs won on validation."
    )


def _words(card: Card) -> str:
    """The words, or their number where they would fill a page."""
    if not card.playable:
        return ", ".join(card.words)
    return f"{len(card.words)} words, of which the game asks for {len(card.playable)}"


def _playable(card: Card) -> list[str]:
    """The words that the game asks for, and what simple shapes win; empty if it asks for all."""
    if not card.playable:
        return []
    test = card.metrics["test"]["playable"]
    head = ["word", "recall", "top-3", "among these", "wins", "false wins", "threshold"]
    rows: list[list[object]] = [
        [
            word,
            *(_percent(found[name]) for name in ("top1", "top3", "top1_playable", "wins")),
            _percent(found["false_wins"]),
            card.playable[word].threshold,
            ", ".join(card.playable[word].mistaken_for),
        ]
        for word, found in test["by_word"].items()
    ]
    mean: list[object] = [
        "mean",
        *(_percent(test[name]) for name in ("top1", "top3", "top1_playable", "wins")),
        _percent(test["false_wins"]),
        "",
        "",
    ]
    return [
        "## Playable words",
        f"The game asks for the {len(card.playable)} words that were recognised well enough on "
        f"validation drawings. Each has its own threshold: the lowest, at least {LOWEST}, at which "
        "surely (by the upper 95 % bound) at most 0.5 % of other words' drawings won it. On test "
        "drawings: recall of the first guess and of the first three among all words, recall "
        "among the playable words only, and drawings that win: stroke drawings where the split has "
        "at least 20 by people, else finished bitmaps whose first guess reaches the threshold. "
        "False wins are of stroke drawings of all words, in part traced from bitmaps.",
        _table([*head, "mistaken for"], [mean, *rows]),
        _primitives(card.metrics["test"]["primitives"]),
    ]


def _primitives(found: dict[str, Any]) -> str:
    """A sentence on the simple shapes that win a word."""
    won = [
        f"{shape} wins {word} ({_percent(share)})"
        for shape, words in found["won"].items()
        for word, share in words.items()
    ]
    return (
        f"Of {found['shapes']} simple shapes (a line, a circle, a zigzag, ...), each drawn in "
        f"several ways, {found['winners']} win a word in at least half of these. "
        f"{upper('; '.join(won)) or 'None wins anything'}."
    )


def _outside(collections: dict[str, Any]) -> list[str]:
    """Metrics on drawings from outside Quick, Draw!; empty if there are none."""
    if not collections:
        return []
    sections = ["## People outside Quick, Draw!"]
    for name, found in collections.items():
        ink = list(found["top1"])
        rows: list[list[object]] = [
            [word, found["drawings"][word], *map(_percent, by.values()), _percent(won)]
            for (word, by), won in zip(
                found["by_word"].items(), found["wins_by_word"].values(), strict=True
            )
        ]
        total = sum(found["drawings"].values())
        mean: list[object] = [
            "mean",
            total,
            *map(_percent, found["top1"].values()),
            _percent(found["wins"]),
        ]
        head = ["word", "drawings", *(f"{share} ink" for share in ink), "true wins"]
        sections += [f"Drawings of `{name}`:", _table(head, [*rows, mean])]
        sections += [
            f"Most frequent mistakes at {share} of the ink: {_mistakes(mistakes)}."
            for share, mistakes in found["mistakes"].items()
            if mistakes
        ]
    return sections


def _mistakes(mistakes: list[dict[str, Any]]) -> str:
    return ", ".join(
        f"{each['word']} taken for {each['taken_for']} ({_percent(each['share'])})"
        for each in mistakes
    )


def _example(card: Card) -> str:
    """Example code that uses the graph alone; black is 0, ink is 255."""
    return f"""```python
import json, numpy as np, onnxruntime

session = onnxruntime.InferenceSession("{card.name}/model.onnx")
about = session.get_modelmeta().custom_metadata_map
bitmaps = np.load("cat.npy").reshape(-1, 28, 28)[:10]  # uint8, {of_card(card).example}
logits = session.run(None, {{"bitmaps": bitmaps}})[0] / float(about["temperature"])
print([json.loads(about["words"])[column] for column in logits.argmax(1)])
```"""


def _soup(training: dict[str, Any]) -> str:
    """Description of a run whose weights are a mean of other runs' (`training.soup`)."""
    shares = " and ".join(_percent(share) for share in training.get("soup", ()))
    return (
        f" Its weights are the mean of several such runs', in shares of {shares}." if shares else ""
    )


def _by_word(card: Card, test: dict[str, Any]) -> str:
    bitmaps, rasters, wins = (
        test["bitmaps"]["by_word"],
        test["rasters"]["by_word"],
        test["wins"]["true_by_word"],
    )
    return _table(
        ["word", "bitmaps", "strokes", "stroke drawings", "true wins", "difficulty"],
        [
            [
                w,
                *(_percent(x.get(w)) for x in (bitmaps, rasters)),
                test["rasters"]["n"][w],
                _percent(wins.get(w)),
                _percent(card.difficulty.get(w)),
            ]
            for w in card.playable or card.words
        ],
    )


def _percent(value: float | None) -> str:
    return "–" if value is None or math.isnan(value) else f"{value:.2%}"


def _table(head: list[str], rows: list[list[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
