"""The work of `training.compare`: adapt a suite to the options, carry it out, and report."""

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from models.command import UserError
from training.analysis.findings import Findings, findings
from training.analysis.numbers import counted, listed
from training.comparison import best, eval_split, run_curves
from training.data import dataset, own_drawings, quickdraw
from training.data.dataset import Dataset
from training.engines import engine_choice, schedule
from training.experiment import reuse, store, version
from training.experiment.plan import Plan, begin, declared_power, read_plan
from training.experiment.results import amount_of, unit_name
from training.experiment.starts import Starts
from training.experiment.trial import PICTURED, Laboratory
from training.inference.device import pick_device
from training.limits import check
from training.networks import timm_backbones, weights
from training.networks.network import architecture
from training.networks.weights import Weights
from training.report import experiment_report
from training.sampling.batches import require_drawings
from training.strategies import catalogue, user_file
from training.strategies.pretext_tasks import other_words
from training.suites import suites
from training.suites.suite import Suite

if TYPE_CHECKING:
    from training.compare import Options


def compare(options: "Options", declared: Suite | None = None) -> Findings:
    """Carry out the comparison that the options describe, or what is left of it.

    Args:
        options: of the command.
        declared: the suite; None for the one that the options name.

    Raises:
        UserError: for options that do not fit together, and for missing drawings or weights.
    """
    console = Console(stderr=True)
    if options.strategies is not None:
        user_file.register(options.strategies)
    out = options.out or Path("results") / Path(options.suite).stem
    if options.report_only:
        if options.publish_best:
            raise UserError(
                "--publish-best may have to train, --report-only never does", "Leave one out"
            )
        return _reported(options, out, console)
    if declared is None:
        declared = suites.find(options.suite)
    else:
        user_file.check_changes(declared.changes, f"suite {declared.name!r}")
    suite = adapted(declared, options)
    units = chosen(suite, options.only)[parse_shard(options.shard)]
    room = engine_choice.resources(
        options.engine, options.address, options.cpus_per_run, options.gpus_per_run
    )
    known = reuse.known(options.reuse)
    log = run_curves.log_to(options.log_to)
    laboratory = open_laboratory(options, suite, deviations(declared, suite), out, console)
    with engine_choice.engine(options.engine, laboratory, options.address, room) as engine:
        schedule.run(laboratory, units, engine, console, log, known)
    found = _reported(options, out, console)
    if options.publish_best:
        with console.status("reading drawings, other words' too"):
            folder = quickdraw.data_dir(options.data_dir)
            data = dataset.load(laboratory.plan.words, folder)
        best.publish_best(laboratory, found, data, options.shelf, console)
    return found


def _reported(options: "Options", out: Path, console: Console) -> Findings:
    """Write the report, and say which networks --keep-models came too late for."""
    found = write_report(out, console)
    late = [
        unit_name(each.per_word, each.arm)
        for each in found.standings
        if any(run.seed == PICTURED and run.test is not None for run in each.runs)
        and not (store.model(out, each.per_word, each.arm) / "run.json").exists()
    ]
    if options.keep_models and late:
        console.print(
            f"--keep-models keeps networks as they are trained: those of {listed(late)} were "
            "finished before, so they are not kept",
            highlight=False,
            soft_wrap=True,
        )
    return found


def write_report(out: Path, console: Console) -> Findings:
    """Write the report of a results folder; returns the findings.

    Raises:
        UserError: if it holds no run, or cannot be read or written.
    """
    plan = read_plan(out)
    found = store.load(out, plan)
    if not found:
        raise UserError(f"{out} holds no finished run", "Run the comparison first")
    for path in experiment_report.write(out, plan, found):
        console.print(f"wrote {path}", highlight=False, soft_wrap=True)
    return findings(plan, found)


def adapted(suite: Suite, options: "Options") -> Suite:
    """The suite with the changes given by options.

    Raises:
        UserError: for options that do not make a valid experiment.
    """
    given = {
        "seeds": options.seeds,
        "epochs": options.epochs,
        "stride": options.stride,
        "network": options.architecture,
        "pretraining": options.pretraining,
        "patience": options.patience,
        "amounts": options.per_word or None,
        "region": options.region,
        "sd": options.sd,
    }
    check(options)
    if len(set(options.per_word)) != len(options.per_word):
        raise UserError(f"--per-word names an amount twice: {options.per_word}", "Name each once")
    if options.arms is not None:
        suite = with_arms(suite, tuple(arm.strip() for arm in options.arms.split(",")))
    anew = suite.checkpoints == suite.seeds  # each start made here is pretrained for every seed
    suite = replace(suite, **{name: value for name, value in given.items() if value is not None})
    suite = replace(suite, checkpoints=suite.seeds) if anew else suite
    check(suite)
    if suite.network is not None:
        architecture(suite.network)  # a name that timm lacks is told before drawings are read
    suite.check()
    return suite


def with_arms(suite: Suite, arms: tuple[str, ...]) -> Suite:
    """The suite with other arms and its contrasts among them; if none, each against the first.

    Raises:
        UserError: for an arm that is unknown or named twice.
    """
    for arm in arms:
        catalogue.find(arm)
    if len(set(arms)) != len(arms):
        raise UserError(f"--arms {','.join(arms)} names an arm twice", "Name each once")
    kept = tuple(pair for pair in suite.contrasts if set(pair) <= set(arms))
    return replace(suite, arms=arms, contrasts=kept or tuple((arm, arms[0]) for arm in arms[1:]))


def chosen(suite: Suite, only: str | None) -> tuple[tuple[int | None, str], ...]:
    """The units to run now.

    Raises:
        UserError: for an arm that is not in the suite.
    """
    if only is None:
        return suite.units
    names = [name.strip() for name in only.split(",")]
    for name in names:
        if name not in suite.arms:
            raise UserError(
                f"--only names {name!r}", f"expected arms of {suite.name}: {', '.join(suite.arms)}"
            )
    return tuple(unit for unit in suite.units if unit[1] in names)


def deviations(declared: Suite, used: Suite) -> tuple[str, ...]:
    """The changes that options made to a suite, as sentences."""
    changed = [
        (field.name, getattr(declared, field.name), getattr(used, field.name))
        for field in fields(Suite)
        if getattr(declared, field.name) != getattr(used, field.name)
    ]
    return tuple(f"{name}: {now} instead of {before}." for name, before, now in changed)


def parse_shard(text: str) -> slice:
    """Parse a shard; `2/3` is the slice of every third unit, from the second on.

    Raises:
        UserError: for anything else.
    """
    part, _, parts = text.partition("/")
    if not (part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise UserError(f"--shard is {text!r}", "expected i/n with 1 <= i <= n, as in 1/2")
    return slice(int(part) - 1, None, int(parts))


def open_laboratory(
    options: "Options", suite: Suite, changed: tuple[str, ...], out: Path, console: Console
) -> Laboratory:
    """Read weights and drawings, and declare the plan; `changed` are the suite's deviations."""
    device = pick_device(options.device)
    given = checkpoints(options, suite)
    folder = quickdraw.data_dir(options.data_dir)
    with console.status("reading drawings"):
        data = dataset.load(own_drawings.words(options.words, folder), folder, others=suite.foreign)
    for mixture in suite.mixtures:
        require_drawings(data.parts["train"], mixture)
    counts = _per_word(data)
    _check_amounts(suite, counts)
    kept = Starts(
        out.parent / "starts",
        given["imagenet"].recipe if "imagenet" in given else weights.RECIPES[options.recipe],
        given,
        suite.pretraining,
        suite.batch,
        suite.stride,
        lambda: other_words(data.words, folder),
        device,
        lambda text: console.print(text, highlight=False, soft_wrap=True),
    )
    plan = Plan(
        suite,
        data.words,
        data.hash,
        {split: len(part.bitmaps) for split, part in data.parts.items()},
        kept.keys(suite.starts, suite.checkpoints),
        str(kept.recipe),
        str(version.RESULTS_VERSION),
        (*changed, *_too_few(suite, counts)),
        declared_power(suite),
    )
    begin(out, plan)
    console.print(
        f"{suite.name}: {suite.question}\n{suite.seeds} final runs each, after tuning, of "
        f"{', '.join(suite.arms)}; {device}; "
        f"bitmaps {plan.bitmaps}; data {plan.data}; {out}",
        highlight=False,
        soft_wrap=True,
    )
    return Laboratory(plan, out, eval_split.apart(data, suite), kept, device, options.keep_models)


def _per_word(data: Dataset) -> dict[str, int]:
    """Training bitmaps of each word."""
    labels = data.parts["train"].bitmaps.labels
    return {word: int((labels == label).sum()) for label, word in enumerate(data.words)}


def _check_amounts(suite: Suite, counts: Mapping[str, int]) -> None:
    """Check that no two amounts come to the same drawings.

    Raises:
        UserError: if they do.
    """
    most = max(counts.values())
    same = [amount for amount in suite.amounts if amount is None or amount >= most]
    if len(same) > 1:
        raise UserError(
            f"{listed([amount_of(amount) for amount in same])} are the same drawings: no word has "
            f"more than {most} for training",
            "Name fewer amounts: --per-word",
        )


def _too_few(suite: Suite, counts: Mapping[str, int]) -> tuple[str, ...]:
    """Says of which words there are fewer drawings than the largest amount asks for."""
    asked = max((amount for amount in suite.amounts if amount is not None), default=0)
    short = {word: count for word, count in counts.items() if count < asked}
    if not short:
        return ()
    least, most = min(short.values()), max(short.values())
    span = f"{least}" if least == most else f"{least} to {most}"
    return (f"{asked} drawings a word are asked for; {counted(len(short), 'word')} have {span}.",)


def checkpoints(options: "Options", suite: Suite) -> dict[str, Weights]:
    """The starts of a suite that are read from files.

    Raises:
        UserError: if one is not given, cannot be downloaded or cannot be read.
    """
    found: dict[str, Weights] = {}
    if "imagenet" in suite.starts:
        found["imagenet"] = timm_backbones.imagenet(
            suite.network or "b0", options.weights, options.recipe
        )
    if "file" in suite.starts:
        if options.start is None:
            arms = dict.fromkeys(each.name for each in suite.trained if each.start == "file")
            raise UserError(
                f"{', '.join(arms)} starts from a checkpoint of your own", "Give it: --start FILE"
            )
        found["file"] = weights.from_file(options.start, options.start_recipe)
    return found
