"""Compare training strategies with sound statistics.

    python -m training.compare --suite freezing --out results/mine/freezing --weights b0.pth
    python -m training.compare --suite freezing --out results/mine/freezing --publish-best
    python -m training.compare --suite freezing --out results/mine/freezing --report-only
    python -m training.compare --suite mine.toml
    python -m training.compare --list

Tunes each arm's learning rates on validation, trains every arm on the same seeds, and writes
`report.html` and `report.md` beside the results. To resume a stopped comparison, give the same
command again. `--shard 1/2` and `2/2` split it over two machines, each with its own results folder:
copy the second `runs.jsonl.gz` into the first folder as `runs-2.jsonl.gz`, then use --report-only.
`--engine ray` sends the runs to a cluster (see training/engines/ray_engine.py).

From Python, `suite` does the same and returns what was found:

    from training import compare

    found = compare.suite("smoke", "results/mine/smoke", seeds=8)
    for contrast in found.contrasts:
        print(contrast.a, contrast.b, contrast.found.verdict, contrast.found.difference)
"""

from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models import defaults
from models.command import run
from training.choices import EngineName, RecipeName
from training.limits import Count, NotNegative, Positive
from training.strategies.settings import Stride

if TYPE_CHECKING:
    from training.analysis.findings import Findings
    from training.suites.suite import Suite

OF_THE_COMMAND = ("suite", "out", "list")  # options that are no keywords of the function `suite`


@dataclass(frozen=True)
class Options:
    """Compare training strategies: tune, repeat, report."""

    suite: str = "smoke"
    """A suite of training/suites/suites.py (--list shows all), or a TOML file."""
    list: bool = False
    """List all suites, arms and networks, and exit."""
    arms: str | None = None
    """These arms instead of the suite's, separated by commas; --list shows all."""
    only: str | None = None
    """Run only these arms of the suite now, separated by commas; the plan is unchanged."""
    words: str = "classic"
    """classic, party, all, or names separated by commas."""
    per_word: tuple[Count, ...] = ()
    """Training drawings per word, one amount or several, instead of the suite's."""
    seeds: Count | None = None
    """Final runs of each arm, instead of the suite's."""
    epochs: Count | None = None
    """Passes over the drawings, instead of the suite's."""
    stride: Stride | None = None
    """Stride of the stem, instead of the suite's: 2 costs about a third of 1."""
    architecture: str | None = None
    """Network in place of B0 in every arm that has B0: small, cnn, mobilenet, resnet18, or
    timm:NAME for a convolutional network of the package timm, which then has to be installed.
    """
    region: NotNegative | None = None
    """Largest difference in points of no practical importance, instead of the suite's."""
    sd: Positive | None = None
    """Standard deviation of paired differences in points, from a pilot of your own, for computing
    the power, instead of the suite's.
    """
    shard: str = "1/1"
    """Run only a part of the arms: i/n is the i-th of n parts."""
    engine: EngineName = "local"
    """local: this process, one run after another; ray: a cluster, many at once."""
    address: str | None = None
    """Ray cluster, HOST:PORT; default: a cluster on this machine, started if needed."""
    cpus_per_run: int = 1
    """Cores of the cluster for each run."""
    gpus_per_run: float = 0.0
    """GPUs of the cluster for each run: with 0.25, four runs share one; 0 trains on CPUs."""
    keep_models: bool = False
    """Keep each arm's network of the first seed under OUT/models, for training.publish."""
    publish_best: bool = False
    """Publish the arm that is best on validation for the game, under the name SUITE-ARM."""
    shelf: Path = defaults.PUBLISHED
    """Folder of published models."""
    report_only: bool = False
    """Write the report of existing results, without training."""
    reuse: tuple[Path, ...] = ()
    """Folders of other results. Runs that are there already, with the same strategy, settings,
    seed, drawings and weights, are taken from them and not trained again.
    """
    out: Path | None = None
    """Folder of results; default results/SUITE."""
    data_dir: Path | None = None
    """Folder of Quick, Draw! drawings (see training.fetch) or of your own of any words
    (training/data/own_drawings.py); default $DOODLE_DATA_DIR, else ./data.
    """
    weights: Path | None = None
    """Checkpoint that ImageNet strategies start from; default: downloaded once."""
    recipe: RecipeName = "torchvision"
    """Recipe that --weights were trained with: padding and BatchNorm's eps."""
    start: Path | None = None
    """Checkpoint for arms that start from a file, for example network.pt of a run."""
    start_recipe: RecipeName = "torchvision"
    """Recipe that --start was trained with."""
    pretraining: Count | None = None
    """Images for pretraining each start made here, instead of the suite's."""
    patience: Count | None = None
    """Epochs without better validation accuracy after which a phase ends, in every arm."""
    strategies: Path | None = None
    """File with strategies of your own, mine.py or mine.toml (training/strategies/user_file.py)."""
    device: str = "auto"
    """auto, cpu, cuda or cuda:N."""
    log_to: Path | None = None
    """Folder for the learning curves of all finished runs, for TensorBoard, which then has to be
    installed.
    """


def main(options: Options) -> None:
    """List what there is, or carry out the comparison: `training.comparison.comparison`.

    Raises:
        UserError: as `training.comparison.comparison.compare`.
    """
    if options.list:
        from training.comparison import listing

        listing.show(options.strategies)
        return
    from training.comparison import comparison

    comparison.compare(options)


def suite(declared: "str | Path | Suite", out: Path | str, **options: Any) -> "Findings":
    """Run a suite, or what is left of it, and write its report, as the command does.

    Args:
        declared: a suite of `training.suites.suites` by name, a TOML file by its path, or a
            `training.suites.suite.Suite` of your own.
        out: folder of results.
        options: fields of `Options`, such as `words`, `data_dir`, `weights`, `seeds`, and
            `report_only` for the findings of stored results.

    Returns:
        The findings. Their `contrasts`, of arms whose best learning rates lie inside the grids,
        have arms `a` and `b`, the drawings `per_word`, and in
        `found` the verdict, the mean difference a − b with its interval in points, and p, of the
        contrast alone and adjusted to the family. Their `standings` have every arm's runs.

    Raises:
        UserError: for an unknown suite or option, a value that it cannot have, options that do not
            fit together, and missing drawings or weights.
    """
    from training.comparison import comparison
    from training.limits import build, known

    where = "training.compare.suite"
    for option in options:
        known(option, [f.name for f in fields(Options) if f.name not in OF_THE_COMMAND], where)
    own = None if isinstance(declared, str | Path) else declared
    name = str(declared) if own is None else own.name
    asked = build(Options, {**options, "suite": name, "out": out}, where)
    return comparison.compare(asked, own)


console = partial(run, Options, main)  # of [project.scripts]

if __name__ == "__main__":
    console()
