"""Metrics for Prometheus: `/metrics` on a port of its own, off by default.

`grafana.json` in this folder is a Grafana dashboard of them.
"""

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from game.judging.judge import Judge
from game.meters import EVENTS
from game.rooms.hub import Hub
from models.command import UserError


class CurrentState:
    """A collector of gauges that are computed when Prometheus asks for them."""

    def __init__(self, hub: Hub, judges: Sequence[Judge]) -> None:
        self._hub, self._judges = hub, judges

    def collect(self) -> Iterable[Metric]:
        counts = self._hub.counts()
        yield GaugeMetricFamily("doodle_players", "Players connected", counts.players)
        yield GaugeMetricFamily("doodle_rooms", "Rooms open", counts.rooms)
        games = GaugeMetricFamily("doodle_games_running", "Games and races", labels=["kind"])
        for kind, number in counts.games.items():
            games.add_metric([kind], number)
        yield games
        waiting = sum(judge.waiting for judge in self._judges)
        yield GaugeMetricFamily("doodle_judge_queue", "Drawings that wait for the judge", waiting)
        yield GaugeMetricFamily(
            "doodle_judge_recent_delay_seconds",
            "From a changed drawing to its guess, 95 % quantile of the last seconds",
            max((judge.waits.typical for judge in self._judges), default=0.0),
        )
        yield GaugeMetricFamily(
            "doodle_judge_busy",
            "1 while guesses come too late and no new rooms are opened",
            float(any(judge.busy for judge in self._judges)),
        )


def registry(hub: Hub, judges: Sequence[Judge]) -> CollectorRegistry:
    """All metrics of one server."""
    found = CollectorRegistry()
    for each in (*EVENTS, CurrentState(hub, judges)):
        found.register(each)
    ProcessCollector(registry=found)
    return found


@contextmanager
def served(found: CollectorRegistry, host: str, port: int | None) -> Generator[int | None]:
    """Serve the metrics while the context is open.

    Args:
        port: 0 for any free port, None to serve nothing.

    Yields:
        The port; None when nothing is served.

    Raises:
        UserError: the port is not available.
    """
    if port is None:
        yield None
        return
    try:
        server, thread = start_http_server(port, host, found)
    except (OSError, OverflowError) as error:
        raise UserError(
            f"cannot serve metrics on {host} port {port}: {error}",
            "Choose another port with --metrics-port",
        ) from error
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
