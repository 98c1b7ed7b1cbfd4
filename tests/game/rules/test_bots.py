"""Bots: their drawings, their speed, and a judge who sees what they mean."""

from random import Random
from statistics import median

import numpy as np
import pytest

from game.messages import PAD, BotStrength, Point
from game.records.recorder import record
from game.rules.bots import HANDS, NAMES, STRENGTHS, drawing_of, free_name
from game.rules.sketches import DRAWINGS
from game.rules.speed_limit import SpeedLimit
from models.shelf import open_judge, open_model
from models.words import ALL, CLASSIC

SECOND = 1_000.0


def test_sketches_are_of_known_words_and_the_classic_ones_among_them():
    assert set(CLASSIC) <= set(DRAWINGS) <= set(ALL)


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize("word", [*DRAWINGS, "aircraft carrier"])
def test_a_bot_keeps_to_its_pad_and_to_the_speed_of_a_hand(word: str, strength: BotStrength):
    for seed in range(5):
        limit, end = SpeedLimit(), 0.0
        for x, y, t in drawing_of(word, strength, Random(seed)):
            points: list[Point] = list(zip(x, y, t, strict=True))
            assert all(-PAD <= value <= 2 * PAD for value in (*x, *y))
            assert min(t) >= end
            assert t == sorted(t)
            limit.draw(points, None, max(t))
            end = max(t)
        assert HANDS[strength].thinks * 0.7 < end < 40 * SECOND


def test_no_two_drawings_are_alike_and_a_seed_repeats_one():
    assert drawing_of("cat", "easy", Random(1)) == drawing_of("cat", "easy", Random(1))
    assert drawing_of("cat", "easy", Random(1)) != drawing_of("cat", "easy", Random(2))


def test_names_are_not_given_twice():
    assert free_name(()) == NAMES[0]
    assert free_name(NAMES[:2]) == NAMES[2]


def test_the_stronger_a_bot_the_sooner_its_words_are_guessed():
    model = open_model()
    times: dict[BotStrength, list[float]] = {}
    for strength in STRENGTHS:
        replays = [
            record(model, "any", drawing_of(word, strength, Random(seed)), word, "Bot")
            for word in model.words
            for seed in range(2)
        ]
        times[strength] = [
            replay.milliseconds if replay.outcome == "guessed" else 20 * SECOND
            for replay in replays
        ]
    easy, middle, strong = (median(times[strength]) for strength in STRENGTHS)
    assert 1 * SECOND < strong < middle < easy < 15 * SECOND
    assert np.mean([at < 20 * SECOND for at in times["strong"]]) > 0.6


@pytest.mark.parametrize("word", DRAWINGS)
def test_a_sketch_has_few_strokes_and_keeps_to_the_pad(word: str):
    assert 1 <= len(DRAWINGS[word]) <= 16
    assert all(0 <= value <= PAD for line in DRAWINGS[word] for point in line for value in point)


def test_a_strong_bot_can_win_each_word_that_the_game_asks_for():
    judge = open_judge()
    assert set(judge.words) <= set(DRAWINGS)
    never = [
        word
        for word in judge.words
        if all(
            record(judge, "any", drawing_of(word, "strong", Random(seed)), word, "Bot").outcome
            != "guessed"
            for seed in range(3)
        )
    ]
    assert never == []
