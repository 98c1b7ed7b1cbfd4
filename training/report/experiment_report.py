"""The report of an experiment, from its result files alone: `report.html` and `report.md`.

    python -m training.compare --suite freezing --report-only

Every word of the verdict follows from the statistics. Nothing here trains or reads drawings.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from models.command import whole_file
from training.analysis import statistics
from training.analysis.findings import Findings, Standing, findings
from training.analysis.transferability import ranks, worths
from training.analysis.verdict_text import at_edge, busy, pupils, ranking, verdicts
from training.experiment import provenance
from training.experiment.progress import amount_of
from training.experiment.provenance import Origin
from training.experiment.results import Plan, Result
from training.metrics import examples as drawings
from training.metrics.examples import Shown
from training.report import method, pictures, tables
from training.report.document import Code, Part, Plot, Points, Text, Title, html, markdown
from training.report.figures import Plots

WINS = (
    "True wins against false wins, means over seeds; the threshold falls from left to right, and "
    "the shaded part is what the measure of true wins is taken over. "
    "A drawing is judged at 10, 20 ... 100 % of its ink; two successive judgements with a word "
    "first and above the threshold win. False: a drawing wins a word that it is not of, true kinds "
    "of the word aside."
)


def write(folder: Path, plan: Plan, found: Sequence[Result]) -> list[Path]:
    """Write the report of a folder's results; returns the two files.

    Raises:
        UserError: when they cannot be written.
    """
    shown, known = drawings.load(folder), provenance.load(folder)
    _forget_plots(folder / "figures")
    parts = list(report(findings(plan, found), found, shown, known))
    page, text = folder / "report.html", folder / "report.md"
    for part in parts:
        if isinstance(part, Plot):
            _write(folder / "figures" / f"{part.name}.svg", part.svg)
    _write(page, html(parts, f"Doodle Race: {plan.suite.name}"))
    _write(text, markdown(parts, "figures"))
    return [page, text]


def _forget_plots(folder: Path) -> None:
    """Those of an earlier report, which need not all come again."""
    for path in folder.glob("*.svg"):
        path.unlink()


def _write(path: Path, text: str) -> None:
    with whole_file(path, "w") as file:
        file.write(text)


def report(
    found: Findings, results: Sequence[Result], shown: Shown | None, known: Sequence[Origin]
) -> Iterator[Part]:
    """All parts, in order.

    Args:
        found: what the results add up to.
        results: themselves.
        shown: drawings that every arm guessed.
        known: where the starts come from.
    """
    suite = found.plan.suite
    yield Title(suite.question, 1)
    yield Text(
        f"The suite “{suite.name}” of Doodle Race's laboratory: ways of training on 28×28 drawings "
        f"of {', '.join(found.plan.words)}.",
        note=True,
    )
    if found.undone:
        done = len(suite.units) * suite.seeds - found.undone
        yield Text(
            f"This is not all: {done} of {done + found.undone} final runs are done, and what "
            "follows may change."
        )
    yield Points(list(verdicts(found)) or ["No final run is done yet."], verdict=True)
    if (edge := at_edge(found)) is not None:
        yield Text(edge)
    if suite.missing:
        yield Text(suite.missing)
    if found.contrasts:
        yield Title("The declared contrasts")
        yield from _contrasts(found)
    plots = Plots(found)
    if len(found.amounts) > 1:
        yield Title(f"{_upper(found.outcome.title)} against data")
        yield Plot(
            "by-data",
            plots.by_data(),
            f"{_upper(found.decided_on)} by training drawings a word; bands are 95 % "
            "intervals over seeds.",
        )
    for per_word in found.amounts:
        yield from _amount(found, per_word, plots)
    yield from _starts(found, known)
    yield from _pictures(found, shown)
    yield from method.parts(found, results, plots)


def _contrasts(found: Findings) -> Iterator[Part]:
    yield Plot(
        "differences",
        Plots(found).differences(),
        f"Paired differences in {found.decided_on} with 95 % bootstrap intervals.",
    )
    yield tables.contrasts(found)
    least = statistics.least_p(found.plan.suite.seeds)
    family = len(found.plan.suite.contrasts) * len(found.plan.suite.amounts)
    if least * family > 1 - statistics.CONFIDENCE:
        yield Text(
            f"With {found.plan.suite.seeds} seeds the test cannot go below {least:.3f}, too much "
            f"for {family} contrast{'s' * (family > 1)}: no verdict of better or worse is "
            "possible.",
        )


def _amount(found: Findings, per_word: int | None, plots: Plots) -> Iterator[Part]:
    standings, several, suite = found.at(per_word), len(found.amounts) > 1, found.plan.suite
    last = per_word == found.amounts[-1]  # every plot for every amount would be tiring
    name = f"-{per_word or 'all'}" if several else ""
    finished = [s for s in standings if s.lost < len(s.runs)]
    yield Title(f"Arms, {amount_of(per_word)}")
    if finished and suite.contested:
        yield from _won(found, standings, Plot(f"wins{name}", plots.wins(per_word), WINS))
    yield tables.reached(standings, suite.sat_on)
    if last:
        yield Plot(
            f"accuracy{name}",
            plots.accuracy(per_word),
            f"{_upper(found.decided_on)} of every arm and every seed.",
        )
    yield tables.price(standings)
    if (taught := pupils(standings)) is not None:
        yield Text(taught)
    if (unsteady := busy(standings)) is not None:
        yield Text(unsteady)
    yield tables.to_target(found, standings)
    if not finished:
        return
    yield Plot(
        f"curves{name}",
        plots.curves(per_word),
        "Learning curves on validation, means over seeds with 95 % bands, by images and by median "
        "seconds; dashed: the target.",
    )
    if last:
        yield from _closer(found, per_word, name, finished, plots)


def _won(found: Findings, standings: Sequence[Standing], curve: Plot) -> Iterator[Part]:
    yield tables.outcomes(found, standings)
    yield curve
    yield tables.true_wins(standings)


def _closer(
    found: Findings, per_word: int | None, name: str, finished: Sequence[Standing], plots: Plots
) -> Iterator[Part]:
    sat_on = found.plan.suite.sat_on
    yield Plot(
        f"by-seconds{name}",
        plots.by_seconds(per_word),
        f"{_upper(found.decided_on)} against time of training, with 95 % intervals.",
    )
    yield Plot(
        f"conditions{name}",
        plots.other_conditions(per_word),
        f"{_upper(sat_on)} drawings changed as other hands and pads would, and beginnings of "
        "stroke drawings.",
    )
    yield tables.other_conditions(finished, sat_on)
    yield Plot(
        f"confusion{name}",
        plots.confusion(finished[0]),
        f"What {finished[0].arm} takes for what, all seeds together.",
    )


def _starts(found: Findings, known: Sequence[Origin]) -> Iterator[Part]:
    all_worths, sat_on = worths(found), found.plan.suite.sat_on
    if not all_worths and not known:
        return
    yield Title("What the start was worth")
    if all_worths:
        yield tables.starts(all_worths, sat_on)
    ranked, last = ranks(all_worths), found.amounts[-1] if found.amounts else None
    for measure in dict.fromkeys(rank.measure for rank in ranked):
        yield Plot(
            f"starts-{measure.replace(' ', '-')}",
            pictures.starts(
                [w for w in all_worths if measure in w.before and w.per_word == last],
                measure,
                sat_on,
            ),
            f"{_upper(sat_on)} accuracy after training against {measure} before it; one colour "
            "for arms that differ in their start alone.",
        )
    if ranked:
        yield Points([ranking(rank, sat_on) for rank in ranked])
    if known:
        yield tables.origins(known)
    commands = [origin.command for origin in known if origin.command]
    if commands:
        yield Code("\n".join(dict.fromkeys(commands)))


def _pictures(found: Findings, shown: Shown | None) -> Iterator[Part]:
    standings = [s for s in found.at(found.amounts[-1]) if s.pictured] if found.amounts else []
    if not standings:
        return
    if shown is not None:
        yield Title("The same drawings")
        yield Plot(
            "guesses",
            pictures.guesses(standings, shown),
            "What the first seed's model of each arm takes a drawing for, and how surely; wrong "
            f"guesses are bold on orange. Of each word the first {found.plan.suite.sat_on} drawing "
            "that looks, pixel for pixel, more like another word: hard ones, chosen before any "
            "model saw them.",
        )
    if any(s.pictured and s.pictured.feature_map for s in standings):
        yield Title("What the features look like")
        yield Plot(
            "features",
            pictures.feature_maps(standings, found.plan.words),
            f"{_upper(found.plan.suite.sat_on)} drawings by their features before the head, laid "
            "out by t-SNE: before any training, and after. Near is alike; distances between groups "
            "mean little.",
        )


def _upper(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
