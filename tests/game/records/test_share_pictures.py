"""Pictures for sharing: content of the card, frames of the animation, names without a font."""

from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from game.records.share_pictures import CARD, HOLD, LONGEST, MOVIE, STEP, animation, card, drawable
from tests.game.records.making import replay

SHEET = (slice(110, 500), slice(40, 440))  # of the film: rows and columns of the drawing
SAID = (slice(520, 600), slice(0, 480))  # under the sheet


def picture(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def frames(content: bytes) -> Iterator[tuple[NDArray[np.uint8], int]]:
    """Pixels (600, 480, 3) and ms of each frame."""
    for frame in ImageSequence.Iterator(picture(content)):
        yield np.asarray(frame.convert("RGB")), frame.info["duration"]


def dark(pixels: NDArray[np.uint8]) -> int:
    return int((pixels.max(axis=2) < 90).sum())


def test_the_card_shows_the_drawing_and_its_word():
    shown = picture(card(replay("three")))
    assert (shown.format, shown.size) == ("PNG", CARD)
    pixels = np.asarray(shown.convert("RGB"))
    middle = pixels[315, 60:564].max(axis=1) < 90  # a row through the three bars
    assert (middle[1:] & ~middle[:-1]).sum() == 3
    others = [replay("three", word="tractor"), replay("three", milliseconds=9_900)]
    texts = [np.asarray(picture(card(kept)).convert("RGB"))[:, 600:] for kept in others]
    assert all((text != pixels[:, 600:]).any() for text in texts)


def test_the_film_grows_as_the_drawing_did_and_holds_its_end():
    shown = [*frames(animation(replay("two", 1_500)))]
    ink = [dark(pixels[SHEET]) for pixels, _ in shown]
    assert ink == sorted(ink)
    assert ink[0] == ink[-1] / 2  # the first of two bars took 100 ms
    assert [length for _, length in shown] == [STEP] * 15 + [HOLD]
    assert shown[0][0].shape == (MOVIE[1], MOVIE[0], 3)


def test_the_film_tells_what_the_ai_thought_on_the_way():
    kept = replay("two", 1_500, frames=[(1, 400.0, 0.2, "five"), (2, 1_500.0, 0.9, "two")])
    same = replay("two", 1_500, frames=[(1, 400.0, 0.2, "four"), (2, 1_500.0, 0.9, "two")])
    pairs = zip(frames(animation(kept)), frames(animation(same)), strict=True)
    differ = [bool((one[SAID] != other[SAID]).any()) for (one, _), (other, _) in pairs]
    assert differ == [400 <= (frame + 1) * STEP < 1_500 for frame in range(16)]


@pytest.mark.parametrize("milliseconds", [20_000, 60_000])
def test_a_long_try_is_shown_faster(milliseconds: float):
    shown = [*frames(animation(replay("one", milliseconds, outcome="bell")))]
    assert sum(length for _, length in shown) <= LONGEST * STEP + HOLD


@pytest.mark.parametrize(
    "changes",
    [
        {"strokes": [], "frames": []},
        {"strokes": [[[10.0], [10.0], [0.0]]]},
        {"strokes": [[[-256.0, 512.0], [512.0, -256.0], [0.0, 5.0]]]},
        {"milliseconds": 0.0, "strokes": [], "frames": []},
        {"word": "The Great Wall of China"},
        {"name": "<b>さくら</b>"},
        {"name": ""},
    ],
)
def test_any_replay_has_both_pictures(changes: dict[str, object]):
    kept = replay("one", 300).model_copy(update=changes)
    assert picture(card(kept)).size == CARD
    assert picture(animation(kept)).size == MOVIE


def test_a_name_that_the_font_cannot_write_is_left_out():
    assert drawable("José Ömer <3")
    assert not drawable("さくら")
    assert not drawable("👩 mum")
    assert not drawable("")
    nameless = card(replay("one", name=""))
    assert card(replay("one", name="さくら")) == nameless
    assert card(replay("one", name="Mia")) != nameless
