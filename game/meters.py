"""Prometheus counters that the game increases where the events happen.

They are global to the process and belong to no registry; `game.operations.metrics` exports them.
"""

from typing import get_args

from prometheus_client import Counter, Gauge, Histogram

from game.messages import Code

DELAYS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)  # seconds

GUESSES = Counter("doodle_guesses", "Drawings judged", registry=None)
JUDGE_DELAY = Histogram(
    "doodle_judge_delay_seconds",
    "From a changed drawing to its guess",
    buckets=DELAYS,
    registry=None,
)
PROBLEMS = Counter("doodle_problems", "Problems told to players", ["code"], registry=None)
ERRORS = Counter("doodle_errors", "Errors in the log", ["logger"], registry=None)
RESULTS_WAITING = Gauge(
    "doodle_results_waiting", "Rounds and games that are being stored", registry=None
)
RESULTS_DELAYED = Gauge(
    "doodle_results_delayed",
    "Rounds and games that could not be stored at once and are tried again",
    registry=None,
)
RESULTS_LOST = Counter(
    "doodle_results_lost", "Rounds and games that could not be stored", registry=None
)
BACKUPS = Counter("doodle_backups", "Copies of the records sent to the Hub", registry=None)
BACKUP_FAILURES = Counter(
    "doodle_backup_failures", "Failures to send or fetch a copy of the records", registry=None
)
LAST_BACKUP = Gauge(
    "doodle_last_backup_timestamp_seconds",
    "When the last copy was sent, 0 for never",
    registry=None,
)

LEASES_EXPIRED = Counter(
    "doodle_leases_expired",
    "Times that this replica's lease in Redis expired while it ran",
    registry=None,
)

EVENTS = (
    GUESSES,
    JUDGE_DELAY,
    PROBLEMS,
    ERRORS,
    RESULTS_WAITING,
    RESULTS_DELAYED,
    RESULTS_LOST,
    BACKUPS,
    BACKUP_FAILURES,
    LAST_BACKUP,
    LEASES_EXPIRED,
)

for code in get_args(Code):
    PROBLEMS.labels(code)  # start at zero: Prometheus needs a value before the first increase
