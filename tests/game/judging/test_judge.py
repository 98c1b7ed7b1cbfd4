"""The judge: at once when idle, in batches when busy, about the latest ink, despite errors."""

import asyncio
import threading
from collections.abc import AsyncGenerator

import numpy as np
import pytest
from numpy.typing import NDArray

from game.judging.judge import MAX_BATCH, Judge
from game.rules.attempt import Attempt, Frame
from tests.game.fakes import WORDS, CountsBars, bars


class SlowModel(CountsBars):
    """Works only while its gate is open, and records the sizes of its batches."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.batches: list[int] = []

    def probabilities(self, bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.batches.append(len(bitmaps))
        assert self.gate.wait(10)
        return super().probabilities(bitmaps)


class OneByOne(CountsBars):
    """Finishes a batch for each release of `turns`, and counts the batches that it has begun."""

    def __init__(self) -> None:
        self.turns = threading.Semaphore(0)
        self.batches: list[int] = []

    def probabilities(self, bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        self.batches.append(len(bitmaps))
        assert self.turns.acquire(timeout=10)
        return super().probabilities(bitmaps)


class Drawer:
    """A player with a drawing, who records the guessed words."""

    def __init__(self, word: str | None = None) -> None:
        self.attempt = Attempt(1, word, 0)
        self.guessed: list[str] = []
        self.answered = asyncio.Event()
        if word is not None:
            self.draw(word)

    def draw(self, word: str) -> None:
        self.attempt.sheet.clear()
        for stroke, points in enumerate(bars(word)):
            self.attempt.sheet.add(stroke, points)

    def take_frame(self) -> Frame | None:
        return self.attempt.take_frame(0)

    def judged(self, frame: Frame, probabilities: NDArray[np.float32]) -> None:
        assert frame.attempt is self.attempt
        self.guessed.append(WORDS[int(probabilities.argmax())])
        self.answered.set()


@pytest.fixture
def model() -> SlowModel:
    return SlowModel()


@pytest.fixture
async def judge(model: SlowModel) -> AsyncGenerator[Judge]:
    judge = Judge(model)
    yield judge
    model.gate.set()
    await judge.close()


async def begun(model: SlowModel | OneByOne, batches: int = 1) -> None:
    """Wait until the model has begun a number of batches."""
    async with asyncio.timeout(60):
        while len(model.batches) < batches:
            await asyncio.sleep(0.001)


async def all_answered(*players: Drawer) -> None:
    async with asyncio.timeout(60):
        await asyncio.gather(*(player.answered.wait() for player in players))


async def test_each_player_gets_the_answer_about_the_own_drawing(judge: Judge, model: SlowModel):
    model.gate.set()
    players = [Drawer(word) for word in WORDS]
    for player in players:
        judge.want(player)
    await all_answered(*players)
    assert [player.guessed for player in players] == [[word] for word in WORDS]
    assert model.batches == [5]


async def test_a_busy_judge_takes_the_latest_ink_once(judge: Judge, model: SlowModel):
    first, second = Drawer("one"), Drawer("two")
    judge.want(first)
    await begun(model)
    for word in ("three", "four", "five"):
        second.draw(word)
        judge.want(second)
    model.gate.set()
    await all_answered(first, second)
    assert second.guessed == ["five"]
    assert model.batches == [1, 1]


async def test_a_batch_is_answered_while_the_next_one_is_judged():
    model = OneByOne()
    judge = Judge(model)
    first, second = Drawer("one"), Drawer("two")
    judge.want(first)
    await begun(model)
    judge.want(second)
    model.turns.release()
    await all_answered(first)
    await begun(model, 2)
    assert second.guessed == []
    model.turns.release()
    await all_answered(second)
    await judge.close()


async def test_a_pad_that_wants_again_in_its_answer_is_judged_again(judge: Judge, model: SlowModel):
    class Eager(Drawer):
        def judged(self, frame: Frame, probabilities: NDArray[np.float32]) -> None:
            if not self.guessed:
                judge.want(self)
            else:
                self.answered.set()
            self.guessed.append(WORDS[int(probabilities.argmax())])

    model.gate.set()
    player = Eager("three")
    judge.want(player)
    await all_answered(player)
    assert player.guessed == ["three", "three"]


async def test_the_event_loop_runs_on_while_the_judge_works(judge: Judge, model: SlowModel):
    player = Drawer("one")
    judge.want(player)
    await begun(model)
    await asyncio.sleep(0)
    assert player.guessed == []
    model.gate.set()
    await all_answered(player)


async def test_a_crowd_is_judged_in_bounded_batches(model: SlowModel):
    model.gate.set()
    judge = Judge(model, remembered=0)
    crowd = [Drawer("two") for _ in range(MAX_BATCH + 3)]
    for player in crowd:
        judge.want(player)
    await all_answered(*crowd)
    assert model.batches == [MAX_BATCH, 3]
    await judge.close()


async def test_the_same_bitmap_is_not_judged_again(judge: Judge, model: SlowModel):
    model.gate.set()
    crowd = [Drawer(word) for word in ("two", "three", "two")]
    for player in crowd:
        judge.want(player)
    await all_answered(*crowd)
    assert model.batches == [2]
    crowd[2].answered.clear()
    judge.want(crowd[2])
    await all_answered(crowd[2])
    assert model.batches == [2]
    assert [player.guessed for player in crowd] == [["two"], ["three"], ["two", "two"]]


async def test_a_judge_whose_drawings_wait_long_is_busy(model: SlowModel):
    now = 100.0
    judge = Judge(model, now=lambda: now)
    crowd = [Drawer("two") for _ in range(MAX_BATCH)]
    for player in crowd:
        judge.want(player)
    await begun(model)
    assert not judge.busy
    now += 0.5
    model.gate.set()
    await all_answered(*crowd)
    assert judge.busy
    now += 60
    assert not judge.busy
    await judge.close()


async def test_a_wait_counts_from_the_first_of_several_wishes():
    now, model = 100.0, OneByOne()
    judge = Judge(model, now=lambda: now)
    first, crowd = Drawer("one"), [Drawer("two") for _ in range(MAX_BATCH)]
    judge.want(first)
    await begun(model)
    for _ in range(2):  # the second time half a second later
        for player in crowd:
            judge.want(player)
        now += 0.25
    model.turns.release(2)
    await all_answered(*crowd)
    assert judge.waits.typical == 0.5
    await judge.close()


async def test_a_blank_pad_is_never_answered(judge: Judge, model: SlowModel):
    model.gate.set()
    blank, drawn = Drawer(), Drawer("one")
    judge.want(blank)
    judge.want(drawn)
    await all_answered(drawn)
    assert blank.guessed == []
    assert model.batches == [1]


class Fragile(SlowModel):
    """Fails for any batch with a drawing of three bars."""

    def probabilities(self, bitmaps: NDArray[np.uint8]) -> NDArray[np.float32]:
        rows = super().probabilities(bitmaps)
        if WORDS.index("three") in rows.argmax(1):
            raise RuntimeError("three is too much")
        return rows


@pytest.mark.parametrize("words", [("three", "five"), ("one", "three", "five")])
async def test_a_drawing_that_breaks_the_model_takes_no_other_with_it(
    caplog: pytest.LogCaptureFixture, words: tuple[str, ...]
):
    model = Fragile()
    model.gate.set()
    judge, players = Judge(model), {word: Drawer(word) for word in words}
    for player in players.values():
        judge.want(player)
    await all_answered(*(player for word, player in players.items() if word != "three"))
    heard = {word: player.guessed for word, player in players.items()}
    assert heard == {word: [] if word == "three" else [word] for word in words}
    assert "could not be judged" in caplog.text
    await judge.close()


class Broken(Drawer):
    def __init__(self, where: str) -> None:
        super().__init__("two")
        self._where = where

    def take_frame(self) -> Frame | None:
        if self._where == "look":
            raise RuntimeError("no look")
        return super().take_frame()

    def judged(self, frame: Frame, probabilities: NDArray[np.float32]) -> None:
        raise RuntimeError("no answer")


@pytest.mark.parametrize("where", ["look", "judged"])
async def test_a_player_that_breaks_takes_no_other_with_it(
    judge: Judge, model: SlowModel, where: str, caplog: pytest.LogCaptureFixture
):
    model.gate.set()
    player = Drawer("four")
    judge.want(Broken(where))
    judge.want(player)
    await all_answered(player)
    judge.want(player)
    player.answered.clear()
    await all_answered(player)
    assert player.guessed == ["four", "four"]
    assert "could not be" in caplog.text


async def test_closing_drops_waiting_requests(model: SlowModel):
    judge, first, second = Judge(model), Drawer("one"), Drawer("two")
    judge.want(first)
    await begun(model)
    judge.want(second)
    closing = asyncio.create_task(judge.close())
    await asyncio.sleep(0)
    model.gate.set()
    await closing
    assert (first.guessed, second.guessed) == (["one"], [])


def test_warming_up_runs_the_model_once():
    model = SlowModel()
    model.gate.set()
    Judge(model).warm_up()
    assert model.batches == [1]
