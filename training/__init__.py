"""The laboratory: train, evaluate, compare and publish networks that recognise drawings.

    from training import drawings, fit, statistics, strategy

    data = drawings("cat, dog", "data", per_word=100)
    frozen = [fit(strategy("freeze-1"), data, seed=s, epochs=3).accuracy for s in range(8)]
    plain = [fit(strategy("full"), data, seed=s, epochs=3).accuracy for s in range(8)]
    [found] = statistics.compare([(frozen, plain)], region=0.5)
    print(found.verdict, found.difference)

A whole experiment, with tuned rates and a report; `python -m training.compare` runs the same:

    from training import compare

    found = compare.suite("smoke", "results/mine/smoke", weights="weights.pth")
    for contrast in found.contrasts:
        print(contrast.a, contrast.b, contrast.found.verdict, contrast.found.p)
"""

from typing import TYPE_CHECKING, Any

# Imported first: it explains Ctrl-C or a missing library during the other imports.
from models.command import UserError as UserError

if TYPE_CHECKING:
    from training.api import Trained as Trained
    from training.api import drawings as drawings
    from training.api import fit as fit
    from training.api import strategy as strategy

LAZY = ("Trained", "drawings", "fit", "strategy")  # torch takes seconds to import


def __getattr__(name: str) -> Any:
    if name in LAZY:
        from training import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
