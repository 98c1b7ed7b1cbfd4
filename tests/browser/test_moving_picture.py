"""The README's moving picture: the hand's times, the pictures' durations, and the shipped file."""

import re
from io import BytesIO
from itertools import pairwise
from math import hypot
from pathlib import Path

from PIL import Image

from game.spaces.space import NEEDED
from tests.browser.moving_picture import LARGEST, LAST, LIFTED, SLOWER, SPEED, animated, timed

ROOT = Path(__file__).parents[2]


def png(colour: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (60, 40), colour).save(file, "PNG")
    return file.getvalue()


def test_a_hand_draws_at_an_even_speed_and_lifts_between_strokes():
    points = timed([[(0, 0), (30, 0), (30, 40)], [(0, 50), (25, 50)]], step=10)
    assert [point.at for point in points if point.begins] == [0, 70 / SPEED + LIFTED]
    corners = [(point.x, point.y) for point in points if point.begins or point.corner]
    assert corners == [(0, 0), (30, 0), (30, 40), (0, 50), (25, 50)]
    for one, next in pairwise(points):
        if not next.begins:
            length = hypot(next.x - one.x, next.y - one.y)
            assert length <= 10
            assert abs(length - SPEED * (next.at - one.at)) < 1e-6


def test_each_picture_is_shown_in_proportion_to_its_time_in_play():
    made = animated([(7.0, png("red")), (7.1, png("green")), (7.4, png("blue"))], 30)
    with Image.open(BytesIO(made)) as picture:
        shown: list[int] = []
        for number in range(getattr(picture, "n_frames", 1)):
            picture.seek(number)
            picture.load()
            shown.append(picture.info["duration"])
        assert picture.size == (30, 20)
    assert shown == [100 * SLOWER, 300 * SLOWER, LAST]


def test_the_first_picture_of_the_readme_moves_and_is_part_of_a_space():
    found = re.search(r"!\[[^]]*\]\(([^)]*)\)", (ROOT / "README.md").read_text("utf-8"))
    assert found
    assert f":(glob){found[1]}" in NEEDED
    assert (ROOT / found[1]).stat().st_size <= LARGEST
    with Image.open(ROOT / found[1]) as picture:
        assert getattr(picture, "n_frames", 1) > 5
