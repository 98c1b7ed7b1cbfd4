"""Average the weights of finished runs: a model soup.

    python -m training.soup --runs runs/first runs/second --shares 0.4 0.6 --out runs/both

Runs that start from the same weights often end near the same minimum. Their mean is then often
better than each of them, at the inference cost of one network (Wortsman et al. 2022, arXiv
2203.05482). Choose runs and shares on validation drawings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.command import UserError, run


@dataclass(frozen=True)
class Options:
    """Average the weights of finished runs of one network on the same drawings."""

    runs: tuple[Path, ...]
    """Folders written by training.train, at least two; the new run records the last one's
    settings."""
    out: Path
    """Folder of the new run."""
    shares: tuple[float, ...] = ()
    """Weight of each run, above 0, in any unit; default: equal weights."""


def main(options: Options) -> None:
    """Average the runs, and write the new one.

    Raises:
        UserError: if the runs cannot be read, or are not alike.
    """
    if (options.out / "run.json").exists():
        raise UserError(f"{options.out} holds a finished run", "Choose another --out")
    shares = parse_shares(options.shares, len(options.runs))
    import torch
    from rich.console import Console

    from training.networks.weight_averaging import mean
    from training.trainer import evidence, runs

    cpu = torch.device("cpu")
    records, networks = zip(*(runs.open_run(folder, cpu) for folder in options.runs), strict=True)
    made = [
        {
            "network": str(network.shape),
            "words": record["words"],
            "drawings": record["data"]["hash"],
        }
        for record, network in zip(records, networks, strict=True)
    ]
    for folder, other in zip(options.runs, made, strict=True):
        check_alike(made[0], other, f"{options.runs[0]} and {folder}")
    record = {
        **records[-1],
        "soup": shares,
        "data": records[-1]["data"] | {"more": _more(records)},
        "seconds": sum(record["seconds"] for record in records),
        "history": [],
        "ancestors": runs.ancestors(options.runs),
        "evidence": evidence.evidence(cpu),
    }
    tensors = mean([network.state_dict() for network in networks], shares)
    runs.save(options.out, tensors, record)
    Console(stderr=True).print(
        f"averaged {len(shares)} runs; {options.out}. See what it is worth: training.evaluate"
    )


def _more(records: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The collections from elsewhere that any of the runs has learned from."""
    return {k: v for record in records for k, v in record["data"].get("more", {}).items()}


def parse_shares(shares: Sequence[float], count: int) -> list[float]:
    """Shares of `count` runs, scaled to sum to 1; equal shares if none are given.

    Raises:
        UserError: for fewer than two runs, another number of shares, or one not above 0.
    """
    if count < 2:
        raise UserError(f"--runs names {count} run{'s' * (count != 1)}", "expected at least two")
    shares = shares or (1.0,) * count
    if len(shares) != count or not all(0 < share < float("inf") for share in shares):
        raise UserError(
            f"--shares are {' '.join(map(str, shares))}",
            f"expected {count} numbers above 0, one for each run",
        )
    return [share / sum(shares) for share in shares]


def check_alike(one: Mapping[str, Any], other: Mapping[str, Any], which: str) -> None:
    """Check that two runs have the same network and were trained on the same drawings.

    Raises:
        UserError: if they differ; the message names the difference.
    """
    for name in one:
        if one[name] != other[name]:
            raise UserError(
                f"{which} differ in their {name}: {one[name]} and {other[name]}",
                "Average runs of one network on the same drawings",
            )


if __name__ == "__main__":
    run(Options, main)
