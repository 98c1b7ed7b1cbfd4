"""A limit of processor time for processes, as containers have (Linux control groups)."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models.command import UserError

GROUPS = Path("/sys/fs/cgroup")
PERIOD = 100_000  # microseconds; the default of Docker and Kubernetes


@dataclass(frozen=True)
class Quota:
    """A control group whose processes get a limited time of all cores together.

    Attributes:
        folder: where the kernel shows the group.
    """

    folder: Path

    def command(self) -> list[str]:
        """The beginning of a command line that runs the rest of it in the group."""
        enter = f"echo $$ > '{self.folder / 'cgroup.procs'}' && exec \"$@\""
        return ["sh", "-c", enter, "sh"]

    def throttled(self) -> float:
        """Seconds for which the processes have waited for processor time so far."""
        for line in (self.folder / "cpu.stat").read_text("ascii").splitlines():
            name, value = line.split()
            if name == "throttled_time":  # control groups of version 1: nanoseconds
                return int(value) / 1e9
            if name == "throttled_usec":
                return int(value) / 1e6
        raise UserError(f"{self.folder} tells no throttled time", "Expected the CPU controller")


@contextmanager
def quota(cores: float, groups: Path = GROUPS) -> Generator[Quota]:
    """Make a control group with a quota of processor time; it is removed at the end.

    Args:
        cores: processor time a second, such as 0.5 for half of a core.
        groups: where the kernel shows control groups, of version 1 or 2.

    Raises:
        UserError: if control groups cannot be made here.
    """
    first = groups / "cpu" if (groups / "cpu").is_dir() else groups
    folder = first / f"doodle-race-{os.getpid()}"
    microseconds = round(cores * PERIOD)
    try:
        folder.mkdir()
        if first == groups:
            (folder / "cpu.max").write_text(f"{microseconds} {PERIOD}", "ascii")
        else:
            (folder / "cpu.cfs_period_us").write_text(str(PERIOD), "ascii")
            (folder / "cpu.cfs_quota_us").write_text(str(microseconds), "ascii")
    except OSError as error:
        raise UserError(
            f"no control group with a quota of processor time can be made in {first}: {error}",
            "Expected Linux, the CPU controller and the rights of root",
        ) from error
    try:
        yield Quota(folder)
    finally:
        folder.rmdir()
