"""One run of an experiment: what decides its outcome, and carrying it out.

A trial's key is a digest of its strategy, settings, seed, drawings, weights and of the version of
the code's numbers. A trial whose key has a result is never run again; one with a checkpoint goes on
from there.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from models.command import UserError
from training.data import subset
from training.data.dataset import Dataset
from training.experiment import distillation, provenance, results, run_status, source, store
from training.experiment.distillation import Distilled
from training.experiment.plan import Plan
from training.experiment.results import Result, RunStage
from training.experiment.run_status import RunOutcome
from training.experiment.starts import Starts, checkpoint_name
from training.inference import probe
from training.inference.features import Features
from training.metrics import cost, feature_map, test_set
from training.metrics.cost import Bill
from training.metrics.test_set import TestSet
from training.networks.weights import Weights
from training.strategies import catalogue
from training.strategies.settings import Settings
from training.strategies.strategy import Strategy
from training.trainer import evidence, runs
from training.trainer.fit import Fit, Report

PICTURED = 0  # the seed whose final runs are looked at closely, and whose networks may be kept


@dataclass(frozen=True)
class Trial:
    """What is to be run.

    Attributes:
        stage: tuning or final.
        strategy: the arm.
        per_word: training drawings a word; None for all.
        rates: peak learning rates by their names.
        seed: fixes drawings, order, augmentation and initialisation.
        tuned: in tuning, the name of the rate that is tried: the run ends with its phases.
    """

    stage: RunStage
    strategy: Strategy
    per_word: int | None
    rates: Mapping[str, float]
    seed: int
    tuned: str | None = None

    @property
    def trained(self) -> Strategy:
        """The phases that are run."""
        return self.strategy if self.tuned is None else self.strategy.until(self.tuned)

    @property
    def teachers(self) -> tuple[Strategy, ...]:
        """Who is trained before it, first of all first."""
        return catalogue.teachers(self.strategy)

    def settings(self, plan: Plan) -> Settings:
        suite = plan.suite
        plain = Settings(
            suite.epochs,
            batch=suite.batch,
            stride=suite.stride,
            side=suite.side,
            patience=suite.patience,
            level=True,
            rates=dict(self.rates),
        )
        # A phase of a teacher may have a name that its pupil has no rate for: it gets the last.
        last = next(reversed([*self.rates.values()]), plain.lr)
        return replace(plain, lr=last, **suite.changes)

    def key(self, plan: Plan) -> str:
        """Digest of everything that decides the outcome."""
        return results.digest(
            {
                "stage": self.stage,
                "strategies": [results.decisive(each) for each in (*self.teachers, self.trained)],
                "settings": results.decisive(self.settings(plan)),
                "per_word": self.per_word,
                "seed": self.seed,
                "epoch_images": plan.suite.epoch_images,
                "held_out": plan.suite.held_out,
                "varied": plan.suite.varied,
                "eval_split": plan.suite.eval_split,
                "wins": plan.suite.asks_wins,
                "words": plan.words,
                "data": plan.data,
                "starts": [self._start_key(s, plan) for s in (*self.teachers, self.strategy)],
                "recipe": plan.recipe,
                "version": plan.code,
            }
        )

    def _start_key(self, strategy: Strategy, plan: Plan) -> str | None:
        name = checkpoint_name(strategy.start, plan.suite.checkpoint(self.seed))
        return plan.starts.get(name, plan.starts.get(strategy.start))


@dataclass(frozen=True)
class Laboratory:
    """What all runs of a process share.

    Attributes:
        plan: what was declared.
        folder: of the results.
        data: everything that the suite may see, read once (`training.comparison.eval_split`).
        starts: weights that strategies start from.
        device: where runs run.
        keep_models: keep the network of each arm's pictured run.
        features: of still backbones, shared by all runs.
        command: that results name as theirs.
        source: digest of the code, which all machines must have in common.
    """

    plan: Plan
    folder: Path
    data: Dataset
    starts: Starts
    device: torch.device
    keep_models: bool = False
    features: Features = field(default_factory=Features)
    command: str = field(default_factory=evidence.command)
    source: str = field(default_factory=source.digest)

    @cached_property
    def test_set(self) -> TestSet:
        """What final runs are evaluated on.

        Raises:
            UserError: when there are too few drawings for it.
        """
        suite = self.plan.suite
        part = self.data.parts["test"]
        found = test_set.prepare(part, self.data.words, suite.varied, suite.asks_wins)
        if suite.asks_wins and found.win_drawings is None:
            raise UserError(
                f"too few stroke drawings on {suite.eval_split} to tell who would win",
                "Fetch more, of other words too: training.fetch --form simplified",
            )
        return found

    @cached_property
    def evidence(self) -> dict[str, Any]:
        return evidence.evidence(self.device) | {"command": self.command}

    def run(self, trial: Trial, show: Callable[[Report], None]) -> Result:
        """Carry out a trial and write its file; one that diverges or crashes gets a file too.

        Raises:
            UserError: when results cannot be written; what is finished stays.
        """
        key = trial.key(self.plan)
        start = self.start(trial, trial.strategy, show)
        run, distilled, outcome = self._train(trial, start, show, key)
        peak, bill = cost.peak_memory(self.device), distilled.bill + cost.bill(run)
        evaluated = outcome.status == "finished" and trial.stage == "final"
        result = Result(
            key=key,
            experiment=self.plan.id,
            stage=trial.stage,
            arm=trial.strategy.name,
            per_word=trial.per_word,
            rates=dict(trial.rates),
            tuned=trial.tuned,
            seed=trial.seed,
            status=outcome.status,
            error=outcome.error,
            history=[_after(distilled.bill, epoch) for epoch in run.report.history],
            test=self._evaluate(run) if evaluated else None,
            **(self._look(trial, start, run) if evaluated else {}),
            forward_work=bill.work.forward,
            backward_work=bill.work.backward,
            trained_parameters=cost.trained_parameters(trial.trained, run.network),
            seconds=bill.seconds,
            images_per_second=bill.images / max(bill.seconds, 1e-9),
            peak_memory=peak,
            strategy=asdict(trial.trained),
            settings=asdict(run.settings),
            evidence=self.evidence,
        )
        store.save(self.folder, result)
        for path in store.checkpoints(self.folder, key):
            path.unlink()
        return result

    def learns_start(self, trial: Trial) -> bool:
        """Whether a trial begins with a start that is pretrained here, and so has a cost here."""
        starts = (each.start for each in (*trial.teachers, trial.strategy))
        return any(start != "random" and start not in self.starts.given for start in starts)

    def adopt(self, trial: Trial, same: Result) -> Result:
        """Take a trial's result from another experiment, and write its file.

        Raises:
            UserError: when it cannot be written.
        """
        own = same.made_by == self.plan.suite.name  # in another folder, as with other seeds
        changes = {"experiment": self.plan.id, "arm": trial.strategy.name}
        result = same.model_copy(update=changes | ({"made_by": None} if own else {}))
        self._note_starts()
        store.save(self.folder, result)
        return result

    def _evaluate(self, run: Fit) -> results.Test:
        return results.Test(**test_set.evaluate(self.test_set, run.network, self.device))

    def model(self, trial: Trial) -> Path:
        """The folder that keeps a trial's network; one that is not kept is trained again.

        Raises:
            UserError: when the run or its teacher diverges or crashes, or it cannot be written.
        """
        folder = store.model(self.folder, trial.per_word, trial.strategy.name)
        if not (folder / "run.json").exists():
            start = self.start(trial, trial.strategy, unwatched)
            run, _, outcome = self._train(trial, start, unwatched)
            if outcome.status != "finished":
                raise UserError(f"{trial.strategy.name} {outcome.status}: {outcome.error}")
            self._keep(trial, start, run)
        return folder

    def start(self, trial: Trial, strategy: Strategy, show: Callable[[Report], None]) -> Weights:
        """What a trial's strategy or its teacher begins with, learned first where nobody has yet.

        Raises:
            UserError: when it cannot be read, learned or kept.
        """
        checkpoint = self.plan.suite.checkpoint(trial.seed)
        found = self.starts.weights(strategy.start, show, checkpoint)
        self._note_starts()
        return found

    def _note_starts(self) -> None:
        """Write where the starts come from that there are by now."""
        suite = self.plan.suite
        all_of_them = self.starts.checkpoints(suite.starts, suite.checkpoints)
        known = [self.starts.provenance(*each) for each in all_of_them]
        provenance.save(self.folder, [each for each in known if each is not None])

    def _train(
        self, trial: Trial, start: Weights, show: Callable[[Report], None], key: str | None = None
    ) -> tuple[Fit, Distilled, RunOutcome]:
        """A trial's run, after its teachers'; where it is, is kept under the key."""
        begins = {each.name: self.start(trial, each, show) for each in trial.teachers}
        cost.forget_peak(self.device)

        def prepare(teacher: Strategy, soft_targets: Tensor | None) -> Fit:
            path = store.checkpoint(self.folder, key, teacher.name) if key else None
            own = replace(trial, strategy=teacher, tuned=None)
            return self._fit(own, begins[teacher.name], path, soft_targets)

        distilled = distillation.distil(trial.teachers, prepare, show)
        path = store.checkpoint(self.folder, key) if key else None
        run = self._fit(trial, start, path, distilled.soft_targets)
        lost = distilled.outcome.status != "finished"
        return run, distilled, distilled.outcome if lost else run_status.end(run, show)

    def _look(self, trial: Trial, start: Weights, run: Fit) -> dict[str, Any]:
        """What is found beside the network before training: its features, and one seed's map."""
        untrained = self._fit(trial, start)
        found: dict[str, Any] = {
            "before": probe.before(untrained.network, untrained.data, self.features)
        }
        if trial.seed == PICTURED:
            if self.keep_models:
                self._keep(trial, start, run)
            found["feature_map"] = feature_map.feature_map(
                untrained.network, run.network, *self.test_set.mapped, self.device
            )
        return found

    def _keep(self, trial: Trial, start: Weights, run: Fit) -> None:
        folder = store.model(self.folder, trial.per_word, trial.strategy.name)
        runs.write_run(folder, run, start, trial.per_word, self.evidence)

    def _fit(
        self,
        trial: Trial,
        start: Weights,
        checkpoint: Path | None = None,
        soft_targets: Tensor | None = None,
    ) -> Fit:
        suite = self.plan.suite
        data = subset.choose(
            self.data, trial.per_word, trial.seed, suite.epoch_images, suite.held_out
        )
        settings = trial.settings(self.plan)
        return Fit(
            trial.trained,
            data,
            settings,
            trial.seed,
            start,
            self.device,
            checkpoint,
            soft_targets,
            self.features,
        )


def _after(bill: Bill, epoch: dict[str, float]) -> dict[str, float]:
    """An epoch's record, what its teachers took put before it."""
    seconds = round(bill.seconds + epoch["seconds"], 3)
    return {**epoch, "images": bill.images + epoch["images"], "seconds": seconds}


def unwatched(report: Report) -> None:
    """Nobody watches its steps."""
