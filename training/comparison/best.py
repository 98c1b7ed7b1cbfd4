"""The best arm of an experiment, chosen on validation and published for the game."""

from pathlib import Path

from rich.console import Console

from models import shelf
from models.command import UserError
from training.analysis.findings import Findings, Standing
from training.data.dataset import Dataset
from training.experiment.trial import PICTURED, Laboratory, Trial


def best(found: Findings) -> Standing:
    """The arm with the best validation result at the largest amount of drawings.

    The criterion is the suite's outcome if its final runs are evaluated on validation, otherwise
    accuracy after the last epoch. The test split is not used, because the card reports it as data
    that nothing was tuned on. A run that diverged or failed has accuracy 0.

    Raises:
        UserError: if no final run is done.
    """
    if not found.amounts:
        raise UserError("no final run is done, so nothing is best", "Run the comparison first")
    own = found.at(found.amounts[-1])
    if found.plan.suite.eval_split == "validation":
        return max(own, key=lambda standing: standing.decided.mean)
    return max(own, key=validation)


def validation(standing: Standing) -> float:
    """Mean accuracy in 0 .. 1 on validation after the last epoch, over seeds."""
    reached = [
        run.history[-1]["validation_accuracy"] if run.status == "finished" else 0.0
        for run in standing.runs
    ]
    return sum(reached) / len(reached)


def publish_best(
    laboratory: Laboratory, found: Findings, data: Dataset, to: Path, console: Console
) -> shelf.Card:
    """Publish the best arm's network of the first seed, trained again if it was not kept.

    Args:
        laboratory: where it was trained.
        found: findings of the experiment.
        data: drawings of its words and of other ones.
        to: the shelf.
        console: for progress messages.

    Raises:
        UserError: when nothing is best, or the network cannot be published.
    """
    from training.publication.publication import publish  # takes a second, and only this needs it

    winner = best(found)
    run = next((run for run in winner.runs if run.seed == PICTURED), winner.runs[0])
    console.print(f"best on validation: {winner.arm}, {validation(winner):.2%} accurate")
    trial = Trial(
        "final", laboratory.plan.suite.strategy(winner.arm), winner.per_word, run.rates, run.seed
    )
    name = f"{found.plan.suite.name}-{winner.arm}"
    return publish(laboratory.model(trial), name, data, to, console)
