"""Ghosts: of the player's own drawings, a replay, recorded drawings, and a challenge."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from game.messages import GhostOf, Replay
from game.records import shipped_ghosts
from game.records.storage import NotFound, RacePlan
from game.rules.attempt import VERDICT_GAP
from tests.game.fakes import WORDS, bars
from tests.game.records.making import ANNA, BEN, CLEO, Opened, game, replay


def outcome(plan: RacePlan) -> list[tuple[str, float]]:
    (ghost,) = plan.ghosts
    assert plan.words == tuple(replay.word for replay in ghost.replays if replay)
    return sorted((replay.word, replay.milliseconds) for replay in ghost.replays if replay)


def write_raw(folder: Path, word: str, zipped: bool = True) -> None:
    """A file of raw drawings: the bars of a word in pixels, scaled and shifted."""
    strokes = [
        [
            [5 * x + 700 for x, _, _ in bar],
            [5 * y for _, y, _ in bar],
            [t + 900 * n for *_, t in bar],
        ]
        for n, bar in enumerate(bars(word))
    ]
    line = json.dumps({"word": word, "key_id": "1", "drawing": strokes}) + "\n"
    path = folder / "raw" / (f"{word}.ndjson" + (".gz" if zipped else ""))
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(line.encode()) if zipped else line.encode())


async def test_own_best_is_the_quickest_guess_of_each_word(opened: Opened):
    await opened.keep(ANNA, replay("one", 3_000), replay("one", 2_000), replay("two", 900))
    await opened.keep(ANNA, replay("one", 100, outcome="bell"), replay("three", best=0.0))
    await opened.keep(BEN, replay("one", 50), replay("four"))
    plan = await opened.records.ghosts(ANNA, "best", None, WORDS)
    assert outcome(plan) == [("one", 2_000), ("two", 900)]
    only_two = await opened.records.ghosts(ANNA, "best", None, ["two", "five"])
    assert outcome(only_two) == [("two", 900)]


async def test_of_many_words_guessed_ones_are_raced_first(opened: Opened):
    words = [f"word{number}" for number in range(9)]
    await opened.keep(ANNA, *(replay("one", outcome="bell", word=word) for word in words[:6]))
    await opened.keep(ANNA, *(replay("one", word=word) for word in words[6:]))
    plan = await opened.records.ghosts(ANNA, "best", None, words)
    assert len(plan.words) == 5
    assert set(words[6:]) <= set(plan.words)


async def test_a_friends_replay_comes_first_and_then_the_friends_best(opened: Opened):
    slow, _, _ = await opened.keep(
        BEN, replay("two", 5_000, name="Ben"), replay("two", 900), replay("one", 800)
    )
    await opened.keep(CLEO, replay("three"))
    plan = await opened.records.ghosts(ANNA, "replay", slow, WORDS)
    assert plan.words == ("two", "one")
    assert outcome(plan) == [("one", 800), ("two", 5_000)]
    assert plan.ghosts[0].name == "Ben"


@pytest.mark.parametrize("of", ["best", "replay"])
async def test_nothing_to_race(opened: Opened, of: GhostOf):
    await opened.keep(BEN, replay("two"))
    with pytest.raises(NotFound):
        await opened.records.ghosts(ANNA, of, "A" * 22, WORDS)
    with pytest.raises(NotFound):
        await opened.records.challenge("A" * 22)


async def test_a_hand_of_the_folder_draws_on_the_pad_at_its_own_speed(tmp_path: Path):
    write_raw(tmp_path, "three")
    write_raw(tmp_path, "two", zipped=False)
    opened = Opened(tmp_path, data=tmp_path)
    await opened.keep(BEN, replay("one"))
    plan = await opened.records.ghosts(ANNA, "hand", None, WORDS)
    opened.records.close()
    assert set(plan.words) == {"two", "three"}
    for hand in plan.ghosts[0].replays:
        assert hand is not None
        assert hand.outcome == "guessed"
        xs, ys, ts = (np.concatenate([stroke[n] for stroke in hand.strokes]) for n in range(3))
        assert 0 <= min(xs.min(), ys.min()) <= max(xs.max(), ys.max()) <= 256
        assert ts[0] == shipped_ghosts.READS
        assert ts[-1] <= hand.milliseconds < ts[-1] + VERDICT_GAP + 300
        assert hand.frames[-1][0] == hand.frame
        assert hand.frames[-1][3] == hand.word


async def test_hands_come_again_once_enough_were_judged(tmp_path: Path):
    write_raw(tmp_path, "two")
    opened = Opened(tmp_path, data=tmp_path)
    hands_met: list[Replay] = []
    for _ in range(3 * shipped_ghosts.JUDGED):
        plan = await opened.records.ghosts(ANNA, "hand", None, WORDS)
        hands_met += [met for met in plan.ghosts[0].replays if met]
    opened.records.close()
    assert len({id(met) for met in hands_met}) == shipped_ghosts.JUDGED


async def test_without_a_folder_a_stranger_of_this_server_is_the_hand(opened: Opened):
    await opened.keep(ANNA, replay("one"))
    await opened.keep(BEN, replay("two", 700, name="Ben"), replay("three", 800, name="Ben"))
    plan = await opened.records.ghosts(ANNA, "hand", None, WORDS)
    assert plan.ghosts[0].name == "Ben"
    assert outcome(plan) == [("three", 800), ("two", 700)]


async def test_else_the_hands_that_ship_are_raced(opened: Opened):
    await opened.keep(ANNA, replay("one"))
    with pytest.raises(NotFound):  # the model knows none of its words
        await opened.records.ghosts(ANNA, "hand", None, WORDS)
    plan = await opened.records.ghosts(ANNA, "hand", None, ["house", "fish", "sun", "tree"])
    assert set(plan.words) == {"house", "fish", "sun"}
    assert all(replay and replay.outcome == "guessed" for replay in plan.ghosts[0].replays)


async def test_a_broken_file_of_the_folder_is_passed_over(tmp_path: Path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "one.ndjson").write_text("no drawing\n")
    (tmp_path / "raw" / "two.ndjson").write_text('{"drawing":[[[0,9],[0,9]]]}\n{"drawing":[]}\n')
    opened = Opened(tmp_path, data=tmp_path)
    with pytest.raises(NotFound):
        await opened.records.ghosts(ANNA, "hand", None, WORDS)
    opened.records.close()


async def test_a_challenge_has_the_same_words_in_order_and_the_challenger(opened: Opened):
    ids = await opened.keep(BEN, replay("three", 700), replay("one", 900, outcome="bell"))
    words = ("three", "two", "one")
    kept = game(BEN, [ids[0], None, ids[1]], words, name="Ben", colour=6)
    finished = await opened.keep_game(kept)
    assert finished.challenge is not None
    plan = await opened.records.challenge(finished.challenge)
    (ghost,) = plan.ghosts
    assert plan.id == f"challenge:{finished.challenge}"
    assert plan.words == words
    assert (ghost.name, ghost.colour) == ("Ben", 6)
    assert [r and r.milliseconds for r in ghost.replays] == [700, None, 900]
    info = await opened.records.challenge_info(finished.challenge)
    assert info is not None
    assert (info.name, info.words, info.points) == ("Ben", 3, 15)


async def test_a_challenge_of_words_that_the_model_does_not_know_cannot_be_raced(opened: Opened):
    (id,) = await opened.keep(BEN, replay(word="tractor"))
    finished = await opened.keep_game(game(BEN, [id], ("tractor",)))
    assert finished.challenge is not None
    with pytest.raises(NotFound):
        await opened.records.challenge(finished.challenge)


async def test_of_words_that_nobody_guessed_the_most_probable_drawing_is_raced(opened: Opened):
    await opened.keep(
        ANNA,
        *(
            replay("one", 20_000, outcome="bell", best=best)
            for best in (*[0.2] * 20, 0.7, *[0.4] * 20)
        ),
    )
    plan = await opened.records.ghosts(ANNA, "best", None, WORDS)
    (raced,) = plan.ghosts[0].replays
    assert raced is not None
    assert raced.best == 0.7


async def test_a_replay_of_a_word_that_the_model_does_not_know_cannot_be_raced(opened: Opened):
    (old,) = await opened.keep(BEN, replay("two", word="unicorn"))
    with pytest.raises(NotFound):
        await opened.records.ghosts(ANNA, "replay", old, WORDS)


async def test_nobody_is_their_own_stranger(opened: Opened):
    await opened.keep(BEN, replay("two", name="Ben"))
    for _ in range(3):
        opened.day.later(seconds=1)
        await opened.keep(ANNA, replay("one"))
    for _ in range(9):
        plan = await opened.records.ghosts(ANNA, "hand", None, WORDS)
        assert plan.ghosts[0].name == "Ben"
