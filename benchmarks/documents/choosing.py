"""The generated part of docs/choosing.md: what the suites say about each choice in a transfer.

Every verdict and every number comes from the results of `training.compare`. A choice without
results is called not measured.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.documents.findings import EXPERIMENTS, read
from training.analysis.findings import Contrast, Findings, Standing
from training.analysis.numbers import counted
from training.analysis.verdict_text import NAMES, brief, collapsed, factors, named
from training.experiment.results import Result, amount_of
from training.statistics.claims import Claim
from training.suites.suites import SUITES

Pair = tuple[str, str]  # arms of a declared contrast

# What a verdict on a against b advises.
ADVICE: dict[Claim, str] = {
    "better": "take `{a}`",
    "worse": "take `{b}`",
    "equivalent": "take the cheaper one",
    "not worse": "you lose nothing that matters with `{a}`",
    "not better": "you lose nothing that matters with `{b}`",
    "undecided": "measure it on your drawings",
}

UNDONE = "wait: the suite is not finished"
HEAD = """| compared | found | arithmetic | advice | suite |
|---|---|---|---|---|"""


@dataclass(frozen=True)
class Decision:
    """A choice that everyone has to make who transfers a network to drawings of their own.

    Attributes:
        question: as a headline.
        evidence: suite -> the declared contrasts that decide.
        options: of the command that measures it on one's own drawings, besides the folders.
        words: of that command.
        note: what has to be known about that command.
    """

    question: str
    evidence: dict[str, tuple[Pair, ...]]
    options: str = ""
    words: str = "all"
    note: str = ""

    @property
    def suite(self) -> str:
        """The suite that measures it on one's own drawings."""
        return next(iter(self.evidence))


CHOICES = (
    Decision(
        "Start from ImageNet's weights, or from random ones?",
        {"few-shot": (("full", "scratch"),), "three-ways": (("full", "scratch"),)},
        "--per-word 10 30 100",
    ),
    Decision(
        "Train the new layers first, or everything at once?",
        {
            "freezing": (
                *(("freeze-2", "full"), ("freeze-2", "full-longer-2")),
                *(("freeze-2-switched", "full"), ("freeze-2-still", "full-still")),
            ),
            "freezing-1000": (("freeze-2", "full"),),
            "freezing-56": (("freeze-2", "full"),),
            "freezing-stem": (("freeze-2-random-stem", "full-random-stem"),),
        },
    ),
    Decision(
        "For how many epochs?",
        {
            "freezing-length": (
                *(("freeze-1", "full"), ("freeze-5", "full"), ("freeze-5", "full-longer-5")),
            )
        },
    ),
    Decision(
        "By which statistics should BatchNorm normalise?",
        {"freezing": (("full-still", "full"),)},
    ),
    Decision(
        "Is it enough to train a head?",
        {
            "few-shot": (("head-only", "full"),),
            "fixed-filters": (("logistic", "full"),),
            "layers": (("batchnorm", "full"),),
            "three-ways": (("head-only", "full"),),
        },
        "--per-word 10 30 100",
    ),
    Decision(
        "How to fit a network for colour photos to gray drawings of a few words?",
        {"stem-and-head": SUITES["stem-and-head"].contrasts},
    ),
    Decision(
        "One learning rate for all layers?",
        {
            "layers": (("discriminative", "full"), ("by-depth", "full"), ("gradual", "full")),
            "three-ways": (("discriminative", "full"),),
        },
    ),
    Decision(
        "Which start?",
        {
            "starting-points": tuple(
                pair for pair in SUITES["starting-points"].contrasts if pair[0] != "full"
            )
        },
        words="apple,pear,plum",
        note="Starts that are trained here learn from the other words of the folder, of which two "
        "need 50 drawings: name yours.",
    ),
    Decision(
        "Is a checkpoint of your own a better start?",
        {"own-start": SUITES["own-start"].contrasts},
        "--start runs/near/network.pt",
        note="`runs/near` is a run of your own: `training.train` or `training.pretrain` wrote it "
        "([docs/training.md](training.md#all-345-words)).",
    ),
    Decision("Which network?", {"architectures": SUITES["architectures"].contrasts}),
)


def section(folder: Path = EXPERIMENTS) -> str:
    """Markdown about every choice, from a folder of results of `training.compare`.

    Raises:
        UserError: when a file cannot be read.
    """
    suites = dict.fromkeys(suite for choice in CHOICES for suite in choice.evidence)
    results = {
        suite: read(folder / suite) for suite in suites if (folder / suite / "plan.json").is_file()
    }
    choices = [_choice(choice, results) for choice in CHOICES]
    return "\n\n".join([*choices, *_all_conditions(results)])


def _choice(choice: Decision, results: dict[str, Findings]) -> str:
    rows = [
        row
        for suite, pairs in choice.evidence.items()
        if suite in results
        for row in _rows(results[suite], pairs)
    ]
    missing = [f"`{suite}`" for suite in choice.evidence if suite not in results]
    parts = ["\n".join([HEAD, *rows])] if rows else []
    if missing:
        parts.append(
            f"Not measured here yet: the suite{'s' * (len(missing) > 1)} {', '.join(missing)}."
        )
    notes = [choice.note] if choice.note else []
    return "\n\n".join([f"### {choice.question}", *parts, *notes, command(choice)])


def command(choice: Decision) -> str:
    """The command that measures a choice on drawings of one's own, as a fenced line."""
    line = (
        f"python -m training.compare --suite {choice.suite} --data-dir mine --words {choice.words} "
        f"--out results/mine/{choice.suite} {choice.options}"
    )
    return f"```sh\n{line.strip()}\n```"


def _rows(found: Findings, pairs: Sequence[Pair]) -> Iterator[str]:
    """A row of the table for each verdict of a suite on some contrasts, with advice.

    There is no advice before the end: the declared error holds for all runs together.
    """
    suite = found.plan.suite
    source = f"[`{suite.name}`](../results/{suite.name}/report.md)"
    for contrast in found.contrasts:
        if (contrast.a, contrast.b) not in pairs:
            continue
        verdict = f"{NAMES[contrast.found.verdict]} ({brief(contrast.found)})"
        advice = ADVICE[contrast.found.verdict].format(a=contrast.a, b=contrast.b)
        compared = f"`{contrast.a}` against `{contrast.b}`, {amount_of(contrast.per_word)}"
        yield (
            f"| {compared} | {verdict} | "
            f"{_times(_price(found, contrast))} | {UNDONE if found.undone else advice} | {source} |"
        )
    for (a, b), why in _open(found, pairs):
        yield f"| `{a}` against `{b}` | no verdict: {why} | | | {source} |"


def _all_conditions(results: dict[str, Findings]) -> list[str]:
    """The conditions under which each suite's verdicts hold."""
    lines = [f"- `{suite}`: {_conditions(found)}" for suite, found in results.items()]
    return ["\n".join(["### Under which conditions", "", *lines])] if lines else []


def _conditions(found: Findings) -> str:
    undone = f"Not finished: {counted(found.undone, 'final run')} still to do." * bool(found.undone)
    size = f"{counted(found.plan.suite.seeds, 'seed')}; {_lowered(factors(found))}."
    return " ".join(filter(None, (size, undone, found.plan.suite.missing, collapsed(found))))


def _times(price: float) -> str:
    """With two digits behind the point, or the first that is not 0."""
    return f"{price:.2f}×" if price >= 0.01 else f"{price:.1g}×"


def _price(found: Findings, contrast: Contrast) -> float:
    """How many times the arithmetic of b the arm a takes."""
    by_arm = {standing.arm: standing for standing in found.at(contrast.per_word)}
    return _work(by_arm[contrast.a]) / _work(by_arm[contrast.b])


def _work(standing: Standing) -> float:
    def work(run: Result) -> float:
        return run.forward_work + run.backward_work

    return standing.mean(work)


def _open(found: Findings, pairs: Sequence[Pair]) -> Iterator[tuple[Pair, str]]:
    """The contrasts without a verdict, and why."""
    decided = {(contrast.a, contrast.b) for contrast in found.contrasts}
    at_edge = set(named(found.unmeasured, False))
    for pair in pairs:
        if pair in decided:
            continue
        yield (
            pair,
            "the best learning rate lies at the edge of the largest grid allowed"
            if at_edge & set(pair)
            else "its runs are not done yet",
        )


def _lowered(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"
