"""The engine that the options of a comparison ask for."""

from contextlib import AbstractContextManager, nullcontext

from models.command import UserError, install
from training.choices import EngineName
from training.engines.engines import Engine, Local, Resources
from training.experiment.trial import Laboratory


def resources(name: EngineName, address: str | None, cpus: int, gpus: float) -> Resources:
    """The resources for a run, from command-line options.

    Raises:
        UserError: for impossible resources, or cluster options without a cluster.
    """
    asked = Resources(cpus, gpus)
    if cpus < 1:
        raise UserError(f"--cpus-per-run is {cpus}", "expected at least 1")
    if not 0 <= gpus <= 1:
        raise UserError(f"--gpus-per-run is {gpus:g}", "expected 0 to 1")
    if name == "local" and (address is not None or asked != Resources()):
        what = "--address, --cpus-per-run and --gpus-per-run are of a cluster"
        raise UserError(what, "Add --engine ray, or leave them out")
    return asked


def engine(
    name: EngineName, laboratory: Laboratory, address: str | None, room: Resources
) -> AbstractContextManager[Engine]:
    """The engine of that name, ready within its context.

    Args:
        name: which.
        laboratory: what all runs share.
        address: of a Ray cluster; None for one on this machine.
        room: resources of a cluster's machine for one run.

    Raises:
        UserError: when an engine is not installed or cannot be reached.
    """
    if name == "local":
        return nullcontext(Local(laboratory))
    try:
        from training.engines.ray_engine import on_cluster  # Ray is an optional dependency
    except ModuleNotFoundError as error:
        raise UserError(
            f"--engine ray needs {error.name}", f"Install it: {install('scale')}"
        ) from error
    return on_cluster(laboratory, address, room)
