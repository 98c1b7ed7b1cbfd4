"""Metrics: their values, how they are served, and that the dashboard uses no others."""

import json
import re
import urllib.request
from collections.abc import Generator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from game import meters, operations
from game.judging.judge import Judge
from game.messages import Guesses, Problem, Start
from game.operations import metrics
from models.command import UserError
from tests.game.fakes import CountsBars
from tests.game.serving import Client, running
from tests.game.world import World

HOST = "127.0.0.1"
DASHBOARD: dict[str, Any] = json.loads(
    Path(operations.__file__).with_name("grafana.json").read_text("utf-8")
)
OURS = re.compile(r"\b(?:doodle|process)_[a-z_]+")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def registry(world: World) -> CollectorRegistry:
    return metrics.registry(world.hub, [Judge(CountsBars())])


@pytest.fixture
def url(registry: CollectorRegistry) -> Generator[str]:
    with metrics.served(registry, HOST, 0) as port:
        yield f"http://{HOST}:{port}/metrics"


def samples(url: str) -> dict[str, float]:
    """The result of a scrape: `doodle_problems_total{code=…}` and so on -> value."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        text = answer.read().decode()
    return {
        sample.name + "".join(f"{{{k}={v}}}" for k, v in sample.labels.items()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_gauges_of_players_and_rooms(world: World, url: str):
    assert samples(url)["doodle_players"] == 0
    world.room_of(2)
    alone = world.player()
    alone.do(Start(mode="sprint"))
    world.player().vanish()
    found = samples(url)
    assert (found["doodle_players"], found["doodle_rooms"]) == (3, 1)
    assert found["doodle_games_running{kind=sprint}"] == 1
    assert "doodle_games_running{kind=room}" not in found
    world.race_of(3)
    found = samples(url)
    assert (found["doodle_players"], found["doodle_rooms"]) == (6, 2)
    assert found["doodle_games_running{kind=room}"] == 1


async def test_guesses_their_delay_and_problems_are_counted(url: str):
    before = samples(url)
    with running() as address:
        async with Client(address) as player:
            await player.begin()
            await player.draw(1, "one")
            await player.hear(Guesses)
            await player.socket.send("nonsense")
            await player.hear(Problem)
    after = samples(url)

    def gained(name: str) -> float:
        return after[name] - before[name]

    guesses = gained("doodle_guesses_total")
    assert guesses >= 1
    assert gained("doodle_judge_delay_seconds_count") == guesses
    assert 0 < gained("doodle_judge_delay_seconds_sum") < 20 * guesses
    assert gained("doodle_problems_total{code=malformed}") == 1
    assert gained("doodle_problems_total{code=too_large}") == 0


def test_results_on_their_way_and_lost_ones(registry: CollectorRegistry):
    def value(name: str) -> float:
        return registry.get_sample_value(name) or 0.0

    waiting: list[Any] = []
    world = World(spawn=waiting.append)
    lost = value("doodle_results_lost_total")
    players = world.race_of(2)
    for player in players:
        player.win()
    assert value("doodle_results_waiting") == len(waiting) == 1
    world.storage.broken = True
    for work in waiting:
        with pytest.raises(StopIteration):
            work.send(None)
    assert value("doodle_results_waiting") == 0
    assert value("doodle_results_lost_total") == lost + 1


def test_metrics_are_served_on_their_own_port_alone(url: str):
    with running() as address, pytest.raises(HTTPError, match="404"):
        urllib.request.urlopen(f"http://{address}/metrics", timeout=60)
    assert samples(url)


def test_without_a_port_nothing_is_served(registry: CollectorRegistry):
    with metrics.served(registry, HOST, None) as port:
        assert port is None


@pytest.mark.parametrize("port", [None, 70_000])
def test_a_port_that_cannot_be_had_is_a_clear_error(
    registry: CollectorRegistry, url: str, port: int | None
):
    taken = port or int(url.split(":")[2].split("/")[0])
    with (
        pytest.raises(UserError, match=rf"port {taken}.*--metrics-port"),
        metrics.served(registry, HOST, taken),
    ):
        pass


def test_the_dashboard_shows_what_there_is_and_all_of_it(world: World, url: str):
    world.race_of(2)
    meters.ERRORS.labels("game.test").inc()
    there = {name.partition("{")[0] for name in samples(url)}
    asked = {
        name
        for panel in DASHBOARD["panels"]
        for target in panel["targets"]
        for name in OURS.findall(target["expr"])
    }
    assert asked <= there
    shown = {name for name in there if name.startswith("doodle") and "_created" not in name}
    parts = {name for name in shown if name.endswith(("_sum", "_count"))}  # of a histogram
    assert shown - parts <= asked


def test_the_dashboard_is_as_grafana_wants_it():
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    [given] = DASHBOARD["__inputs"]
    for panel in panels:
        assert panel["datasource"]["uid"] == f"${{{given['name']}}}"
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24
