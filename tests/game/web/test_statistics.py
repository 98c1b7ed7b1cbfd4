"""A player's own statistics, counted by the page's JavaScript in Node."""

import json
import shutil
import subprocess
from typing import Any

import pytest

from game.web.pad import FOLDER

COUNT = """
import { readFileSync } from "node:fs";
const { byWord, counted, NOTHING, nextStep } = await import(process.argv[1]);
const { games, now } = JSON.parse(readFileSync(0, "utf8"));
let statistics = NOTHING;
const news = games.map((game) => {
  const { after, news } = counted(statistics, game);
  statistics = after;
  return news;
});
const offered = (name) => now.offered.includes(name);
const next = nextStep(statistics, { ...now, offered });
console.log(JSON.stringify({ statistics, news, next, words: byWord(statistics) }));
"""
ALL = ["meet", "daily", "quick_six", "sprint"]


def count(
    *games: dict[str, Any], mode: str = "sprint", date: str = "2026-03-01", offered: Any = ALL
) -> Any:
    """What the page makes of these games, and what it offers next."""
    node = shutil.which("node")
    assert node, "the tests run JavaScript in Node: install nodejs (20 or newer)"
    asked = {"games": games, "now": {"mode": mode, "date": date, "offered": offered}}
    module = (FOLDER / "js" / "statistics.js").as_uri()
    command = [node, "--input-type=module", "--eval", COUNT, module]
    done = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def game(
    *results: tuple[str, str, int],
    mode: str = "sprint",
    points: float = 1,
    date: str = "2026-03-01",
) -> dict[str, Any]:
    words = [
        {"word": word, "outcome": outcome, "milliseconds": ms} for word, outcome, ms in results
    ]
    return {"mode": mode, "points": points, "scored": True, "date": date, "results": words}


def test_words_are_counted_and_the_quickest_guess_is_kept():
    found = count(
        game(("sun", "guessed", 3_000), ("cat", "skipped", 900)),
        game(("sun", "guessed", 2_000), ("sun", "guessed", 4_000), ("cat", "bell", 500)),
    )
    assert found["words"] == [
        {"word": "sun", "asked": 3, "guessed": 3, "best": 2_000},
        {"word": "cat", "asked": 2, "guessed": 0, "best": None},
    ]


def test_a_first_game_has_no_news():
    assert count(game(("sun", "guessed", 3_000), points=9))["news"] == [[]]


def test_a_better_score_and_the_word_that_gained_most_are_news():
    first = game(("sun", "guessed", 3_000), ("cat", "guessed", 9_000), points=2)
    second = game(("sun", "guessed", 2_900), ("cat", "guessed", 5_000), points=3)
    assert count(first, second)["news"][1] == [
        {"kind": "score", "mode": "sprint", "points": 3},
        {"kind": "word", "word": "cat", "milliseconds": 5_000},
    ]


def test_a_slower_guess_and_a_lower_score_are_no_news():
    first = game(("sun", "guessed", 3_000), points=3)
    assert count(first, game(("sun", "guessed", 3_000), points=3))["news"] == [[], []]


def test_points_that_cannot_be_compared_are_no_news():
    first = game(mode="room", points=3) | {"scored": False}
    assert count(first, first | {"points": 5})["news"] == [[], []]


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        (["2026-02-27", "2026-02-28", "2026-03-01"], 3),
        (["2026-02-28", "2026-02-28", "2026-03-01"], 2),
        (["2026-02-26", "2026-02-27", "2026-03-01"], 1),
        (["2025-12-31", "2026-01-01"], 2),
    ],
)
def test_days_in_a_row_are_counted(dates: list[str], days: int):
    found = count(*(game(date=date) for date in dates))
    assert found["statistics"]["days"] == days
    told = [news["count"] for each in found["news"] for news in each if news["kind"] == "days"]
    assert told == list(range(2, max(days, *told, 1) + 1))


def test_who_has_only_played_alone_is_sent_to_a_race():
    assert count(game())["next"] == "meet"


def test_then_come_the_daily_words_and_the_other_modes():
    raced = game(mode="room")
    assert count(game(), raced)["next"] == "daily"
    daily = game(mode="daily")
    assert count(game(), raced, daily)["next"] == "quick_six"
    assert count(game(), raced, daily, date="2026-03-02")["next"] == "daily"
    everything = (game(), raced, daily, game(mode="quick_six"))
    assert count(*everything)["next"] == "meet"
    assert count(*everything, mode="room")["next"] == "sprint"


def test_only_what_the_page_offers_is_suggested():
    assert count(game(), offered=["quick_six"])["next"] == "quick_six"
    assert count(game(), offered=[])["next"] is None
