"""A game mode is one entry of the rules: server, page and static site know it from there."""

import asyncio
import re

import pytest

from game.messages import Problem, RoundResult, Start, State
from game.rules import modes
from game.rules.modes import MODES, SECOND, ModeRules
from game.web import pad, rules
from tests.game.serving import Client, running

TRIO = ModeRules(
    rounds=3, round_time=8 * SECOND, reveal=50, points=(30, 10), ranked=True, menu="main"
)

SHOWDOWNS = {  # where the name means not the mode, but the message of that type or what shows it
    ("web/pad/js/main.js", "showdown"),
    ("web/pad/js/router.js", "showdown"),
    ("web/pad/js/showdown_view.js", "showdown"),
    ("web/pad/js/solo_view.js", "showdown"),
}


@pytest.fixture
def trio(monkeypatch: pytest.MonkeyPatch) -> str:
    """A mode that exists in memory only."""
    monkeypatch.setitem(MODES, "trio", TRIO)
    monkeypatch.setattr(modes, "COUNTDOWN", 50.0)
    return "trio"


async def play(player: Client, mode: str) -> list[RoundResult]:
    """Draw every word but the last, which is skipped; the results."""
    state = await player.begin(mode)
    while state.round < 3:
        assert state.word
        await player.draw(state.round, state.word)
        number = state.round + 1
        state = await player.hear(
            State, lambda s, number=number: (s.stage, s.round) == ("drawing", number)
        )
    await player.socket.send(f'{{"type": "skip", "round": {state.round}}}')
    return (await player.stage("over")).results


def test_a_mode_in_memory_is_played_through_the_server(trio: str):
    async def game() -> list[RoundResult]:
        async with Client(address) as player:
            return await play(player, trio)

    with running() as address:
        results = asyncio.run(game())
    assert [result.outcome for result in results] == ["guessed", "guessed", "skipped"]
    assert all(20 < result.points <= 30 for result in results[:2])


def test_an_unknown_mode_is_refused():
    async def problem() -> Problem:
        async with Client(address) as player:
            await player.send(Start(mode="trio"))
            return await player.hear(Problem)

    with running() as address:
        assert asyncio.run(problem()).code == "malformed"


def test_the_page_offers_the_mode_and_its_board(trio: str):
    assert '<button class="action" data-mode="trio">' in pad.markup()
    known = rules.rules()
    assert known["modes"][trio]["round_time"] == TRIO.round_time
    assert trio in known["boards"]
    assert '"trio": {' in rules.module()


def test_the_rules_for_the_browser_are_fresh():
    assert rules.FILE.read_text("utf-8") == rules.module(), "run python -m game.web.rules"


def named(mode: str, text: str) -> bool:
    """Whether a script names the mode: quoted, as the key of a table, or as a mode's property."""
    return bool(
        re.search(rf"""["'`]{mode}["'`]|^\s*{mode}\b[:,(]|\bmodes\??\.{mode}\b""", text, re.M)
    )


@pytest.mark.parametrize(
    "text",
    [
        'if (mode === "trio") play();',
        '    ["trio", !("trio" in modes)],',
        "  trio: () => play(),",
        "  trio,",
        "RULES.modes.trio.rounds",
    ],
)
def test_a_script_that_names_a_mode_is_found(text: str):
    assert named("trio", text)
    assert not named("trios", text)


def test_no_mode_is_named_in_the_scripts():
    game = pad.FOLDER.parents[1]
    scripts = {*pad.FOLDER.glob("js/*.js"), *game.glob("static_site/**/*.js")}
    written = scripts - {rules.FILE, *game.glob("static_site/bundle/*.js")}
    assert len(written) > 80
    found = {
        (path.relative_to(game).as_posix(), mode)
        for path in written
        for mode in MODES
        if named(mode, path.read_text("utf-8"))
    }
    assert found == SHOWDOWNS
