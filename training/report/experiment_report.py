"""The report of an experiment, from its results alone: `report.html` and `report.md`.

    python -m training.compare --suite freezing --report-only

The first screen shows the question, the answer in one line, the plot of the contrasts, and the
limits of the answer. All sentences are derived from the statistics. Nothing here trains or reads
drawings.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from models.command import whole_file
from training.analysis import verdict_text
from training.analysis.findings import Findings, Standing, findings, plateau, targets
from training.analysis.numbers import counted, signed, upper
from training.analysis.transferability import ranks, transferabilities
from training.experiment import provenance
from training.experiment.plan import Plan
from training.experiment.provenance import StartProvenance
from training.experiment.results import Result, amount_of
from training.metrics import examples
from training.metrics.examples import Examples
from training.report import contrast_figure, method, pictures, tables
from training.report.document import (
    Block,
    Commands,
    Fold,
    Plot,
    Points,
    Text,
    Title,
    html,
    markdown,
    plots,
)
from training.report.figures import Plots
from training.statistics.intervals import CONFIDENCE
from training.statistics.power import level
from training.statistics.sign_flip import least_p

WINS = (
    "True wins against false wins, means over seeds; the threshold falls from left to right, and "
    "true wins are averaged over the shaded part. "
    "A drawing is judged at 10, 20 ... 100 % of its ink; two successive judgements with a word "
    "first and above the threshold win. False: a drawing wins for a word that it is not of, "
    "without the word's own kinds."
)


def write(folder: Path, plan: Plan, found: Sequence[Result]) -> list[Path]:
    """Write the report of a folder's results; returns the two files.

    Raises:
        UserError: if they cannot be written.
    """
    drawings, known = examples.load(folder), provenance.load(folder)
    for earlier in (folder / "figures").glob("*.svg"):  # the new report may have other plots
        earlier.unlink()
    parts = list(report(findings(plan, found), found, drawings, known))
    page, text = folder / "report.html", folder / "report.md"
    for plot in plots(parts):
        _write(folder / "figures" / f"{plot.name}.svg", plot.svg)
    _write(page, html(parts, f"Doodle Race: {plan.suite.name}"))
    _write(text, markdown(parts, "figures"))
    return [page, text]


def _write(path: Path, text: str) -> None:
    with whole_file(path, "w") as file:
        file.write(text)


def report(
    found: Findings,
    results: Sequence[Result],
    drawings: Examples | None,
    known: Sequence[StartProvenance],
) -> Iterator[Block]:
    """All parts, in order.

    Args:
        found: the findings of these results.
        results: all results.
        drawings: example drawings, each with the guess of every arm.
        known: provenance of the starts.
    """
    figures = Plots(found)
    yield from _first_screen(found, figures)
    if found.contrasts:
        yield Title("The contrasts")
        if len(found.amounts) > 1:
            yield _differences(found)
        yield Points(list(verdict_text.verdicts(found)))
        yield Fold("All numbers of the contrasts", [tables.contrasts(found)])
    if found.amounts:
        yield from _learning(found, figures)
    yield Title("What this experiment could find")
    yield from _power(found)
    yield Title("Deviations from the declared suite")
    yield Points(list(found.plan.deviations) or ["None."])
    for per_word in found.amounts:
        yield Fold(f"Arms, {amount_of(per_word)}", list(_amount(found, per_word, figures)))
    yield from _starts(found, known)
    yield from _pictures(found, drawings)
    yield from method.parts(found, results, figures)


def _first_screen(found: Findings, figures: Plots) -> Iterator[Block]:
    suite = found.plan.suite
    yield Title(suite.question, 1)
    yield Points(verdict_text.headline(found), verdict=True)
    if found.undone:
        done = sum(len(standing.runs) for standing in found.standings)
        yield Text(
            f"Not finished: {done} of {done + found.undone} final runs are done; the answer may "
            "change. The declared error holds for all runs together: who looks before the end is "
            "wrong more often."
        )
    if len(found.amounts) > 1:
        yield Plot(
            "by-data",
            figures.by_data(),
            f"{upper(found.decided_on)} by training drawings a word; bands are 95 % intervals over "
            "seeds.",
            narrow=True,
        )
    elif found.contrasts:
        yield _differences(found)
    limits = (
        verdict_text.decided_on(found),
        verdict_text.collapsed(found),
        f"It holds for: {verdict_text.factors(found)}.",
        verdict_text.unmeasured(found),
        suite.missing or None,
    )
    yield Points([line for line in limits if line])


def _differences(found: Findings) -> Plot:
    return Plot(
        "differences",
        contrast_figure.differences(found),
        f"Paired differences in {found.decided_on}. An interval right of 0: better; right of the "
        "shaded region's left edge: at least as good; within the region: equivalent; left of 0: "
        "worse.",
        narrow=True,
    )


def _learning(found: Findings, figures: Plots) -> Iterator[Block]:
    yield Title("Learning curves")
    for per_word in found.amounts:
        if any(s.lost < len(s.runs) for s in found.at(per_word)):
            name = f"-{per_word or 'all'}" if len(found.amounts) > 1 else ""
            yield Plot(
                f"curves{name}",
                figures.curves(per_word),
                "Accuracy on validation, means over seeds with 95 % bands, by images and by median "
                f"seconds; {amount_of(per_word)}; dashed: the target.",
            )
    rises = [line for per_word in found.amounts if (line := _plateau(found, per_word))]
    if rises:
        yield Points(rises)


def _plateau(found: Findings, per_word: int | None) -> str | None:
    """The gain in validation accuracy over the last epochs."""
    gains = {s.arm: plateau(s) for s in found.at(per_word)}
    known = {arm: gain for arm, gain in gains.items() if gain is not None}
    if not known:
        return None
    return (
        f"Gain on validation over the last quarter of the epochs, {amount_of(per_word)}: "
        + ", ".join(f"{arm} {signed(gain)}" for arm, gain in known.items())
        + " points."
        + " Longer training would still help, and may change the differences."
        * (max(known.values()) > found.plan.region)
    )


def _power(found: Findings) -> Iterator[Block]:
    yield Text(verdict_text.power(found))
    if (observed := verdict_text.spreads(found)) is not None:
        yield Text(observed)
    suite = found.plan.suite
    if least_p(found.pairs) > level(suite.family):
        yield Text(
            f"With {counted(found.pairs, 'independent pair')} the test cannot fall below "
            f"{2 * least_p(found.pairs):.3f}, too much for "
            f"{counted(suite.family, 'contrast')} at {1 - CONFIDENCE:.2f}: no claim can be made."
        )


def _amount(found: Findings, per_word: int | None, figures: Plots) -> Iterator[Block]:
    standings, several, suite = found.at(per_word), len(found.amounts) > 1, found.plan.suite
    last = per_word == found.amounts[-1]  # some plots are shown for the largest amount only
    name = f"-{per_word or 'all'}" if several else ""
    finished = [s for s in standings if s.lost < len(s.runs)]
    if finished and suite.asks_wins:
        yield tables.outcomes(found, standings)
        yield Plot(f"wins{name}", figures.wins(per_word), WINS)
        yield tables.true_wins(standings)
    yield tables.reached(standings, suite.eval_split)
    if (first := verdict_text.first(found)) is not None and last:
        yield Text(first)
    if last:
        yield Plot(
            f"accuracy{name}",
            figures.accuracy(per_word),
            f"{upper(found.decided_on)} of every arm and every seed.",
        )
    yield tables.price(standings)
    if (pupils := verdict_text.pupils(standings)) is not None:
        yield Text(pupils)
    if (unsteady := verdict_text.busy(standings)) is not None:
        yield Text(unsteady)
    for target in targets(found, per_word):
        yield tables.to_target(standings, target)
        if factors := list(verdict_text.speeds(found, per_word, target)):
            yield Points(factors)
    if finished and last:
        yield from _closer(found, per_word, name, finished, figures)


def _closer(
    found: Findings, per_word: int | None, name: str, finished: Sequence[Standing], figures: Plots
) -> Iterator[Block]:
    eval_split = found.plan.suite.eval_split
    yield Plot(
        f"by-seconds{name}",
        figures.by_seconds(per_word),
        f"{upper(found.decided_on)} against time of training, with 95 % intervals.",
    )
    yield Plot(
        f"conditions{name}",
        figures.other_conditions(per_word),
        f"{upper(eval_split)} drawings changed as other people and pads would change them, and "
        "beginnings of stroke drawings.",
    )
    yield tables.other_conditions(finished, eval_split)
    yield Plot(
        f"confusion{name}",
        figures.confusion(finished[0]),
        f"What {finished[0].arm} takes for what, all seeds together.",
    )


def _starts(found: Findings, known: Sequence[StartProvenance]) -> Iterator[Block]:
    measured, eval_split = transferabilities(found), found.plan.suite.eval_split
    if not measured and not known:
        return
    inner: list[Block] = []
    if measured:
        inner.append(tables.starts(measured, eval_split))
    ranked, last = ranks(measured), found.amounts[-1] if found.amounts else None
    for measure in dict.fromkeys(rank.measure for rank in ranked):
        points = [m for m in measured if measure in m.before and m.per_word == last]
        inner.append(
            Plot(
                f"starts-{measure.replace(' ', '-')}",
                pictures.starts(points, measure, eval_split),
                f"{upper(eval_split)} accuracy after training against {measure} before it; one "
                "colour for arms that differ in their start alone.",
            )
        )
    if ranked:
        inner.append(Points([verdict_text.ranking(rank, eval_split) for rank in ranked]))
    if known:
        inner.append(tables.start_costs(known))
        failed = list(dict.fromkeys(each.start for each in known if each.failed))
        if failed:
            yield Points([_failed(start) for start in failed])
    commands = [each.command for each in known if each.command]
    if commands:
        inner.append(Commands("\n".join(dict.fromkeys(commands))))
    yield Fold("How well the starts transfer", inner)


def _failed(start: str) -> str:
    return (
        f"The start {start} did not learn its own task well enough to be called learned: its arms "
        "tell nothing about this kind of start."
    )


def _pictures(found: Findings, drawings: Examples | None) -> Iterator[Block]:
    standings = [s for s in found.at(found.amounts[-1]) if s.pictured] if found.amounts else []
    if not standings:
        return
    if drawings is not None:
        guesses = Plot(
            "guesses",
            pictures.guesses(standings, drawings),
            "What the first seed's model of each arm takes a drawing for, with its probability; "
            "wrong guesses are bold on orange. Of each word the first "
            f"{found.plan.suite.eval_split} drawing that looks, pixel for pixel, more like another "
            "word: hard ones, chosen before any model saw them.",
        )
        yield Fold("The same drawings, guessed by every arm", [guesses])
    if any(s.pictured and s.pictured.feature_map for s in standings):
        maps = Plot(
            "features",
            pictures.feature_maps(standings, found.plan.words),
            f"{upper(found.plan.suite.eval_split)} drawings by their features before the head, "
            "laid out by t-SNE: before any training, and after. Near is alike; distances between "
            "groups mean little.",
        )
        yield Fold("What the features look like", [maps])
