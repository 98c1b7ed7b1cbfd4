"""Runs Python commands one after another, each in a fork of this process, which has imported torch.

    python forks.py

It is started in a clone, and uses the clone's code. Each line of the input is a JSON list of
arguments of `python`, `-m MODULE ...` or `-c TEXT`; each line of the output is a JSON list of the
exit status and of what the command said. What no option shortens is shortened here.
"""

import importlib
import json
import os
import runpy
import signal
import sys
import tempfile
import traceback
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.compare import Options
    from training.suites.suite import Suite

PATIENCE = 600  # seconds for one command, on a busy machine; then it is killed
FEW = 8  # drawings a word
# Modules that commands import late.
SLOW = ("matplotlib.pyplot", "scipy.stats", "sklearn.manifold", "torch._dynamo", "training.api")


def main() -> None:
    sys.path[0] = str(Path.cwd())  # as `python -m` does
    shorten()
    for line in sys.stdin:
        print(json.dumps(outcome(json.loads(line))), flush=True)


def shorten() -> None:
    """Import what takes seconds, and make comparisons and publications short.

    No learning rates are tuned, and epochs show few drawings. Any network may be published, after
    a few meaningless drawings; of a comparison it is the first arm's.
    """
    for name in SLOW:
        importlib.import_module(name)
    from training.analysis.findings import Findings, Standing
    from training.comparison import best, comparison
    from training.metrics import playable, wins
    from training.publication import publication

    assert comparison.__file__.startswith(sys.path[0]), "the clone's code is not used"
    adapted = comparison.adapted

    def short(suite: "Suite", options: "Options") -> "Suite":
        suite = adapted(suite, options)
        return replace(
            suite,
            amounts=suite.amounts if len(suite.amounts) > 1 else (FEW,),
            rates=suite.rates[:1],
            most_rates=1,
            batch=2 * FEW,
            epoch_images=0,
            held_out=2,
            varied=2,
        )

    def first(found: Findings) -> Standing:
        arm = found.plan.suite.arms[0]
        return next(each for each in found.at(found.amounts[-1]) if each.arm == arm)

    comparison.adapted, best.best = short, first
    publication.FALSE_WINS, wins.NONSENSE = 1.0, FEW
    playable.DRAWINGS, playable.RECALL, playable.WINS = 1, 0.0, 0.0


def outcome(words: list[str]) -> tuple[int, str]:
    """The exit status of a command, and what it said."""
    with tempfile.TemporaryFile("w+") as said:
        child = os.fork()
        if not child:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # the input is this process's alone
            for stream in (1, 2):
                os.dup2(said.fileno(), stream)
            signal.alarm(PATIENCE)
            os._exit(run(words))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said.seek(0)
        return status, said.read()


def run(words: list[str]) -> int:
    """Do what `python` with these arguments does; the exit status."""
    option, what, *rest = words
    sys.argv = [option, *rest]
    try:
        if option == "-m":
            sys.argv[0] = what
            runpy.run_module(what, run_name="__main__", alter_sys=True)
        else:
            exec(compile(what, "<page>", "exec"), {"__name__": "__main__"})
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else bool(end.code)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    main()
