"""A class of thirty that draws before one big screen: every pad is in sight, and fills with ink."""

from collections.abc import Generator
from itertools import combinations
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from game.messages import CLASS_SEATS
from game.rules import race
from tests.browser.conftest import NewPlayer, serving
from tests.browser.socket_players import a_class
from tests.game.fakes import CountsBars

NAMES = [f"Pupil {number}" for number in range(1, CLASS_SEATS + 1)]
SIZES: tuple[ViewportSize, ...] = (
    {"width": 1440, "height": 900},
    {"width": 1920, "height": 1080},
)
LEAST = 90  # CSS pixels of a pad's side
BOXES = """() => [...document.querySelectorAll("[data-watch-opponents] li")].map((pad) => {
  const box = (element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return [left, top, right, bottom];
  };
  return [box(pad), box(pad.querySelector(".frame")), box(pad.querySelector(".frame path"))];
})"""
SCROLLS = """() => [document.documentElement, document.querySelector("[data-watch-opponents]")]
  .some((e) => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)"""


class Box(NamedTuple):
    """A rectangle in CSS pixels of the window."""

    left: float
    top: float
    right: float
    bottom: float

    def within(self, other: "Box") -> bool:
        return (
            other.left <= self.left < self.right <= other.right
            and other.top <= self.top < self.bottom <= other.bottom
        )

    def meets(self, other: "Box") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    monkeypatch.setattr(race, "COUNTDOWN", 600.0)
    with serving(CountsBars(), per_address=CLASS_SEATS + 4) as address:
        yield address


def check_pads(page: Page, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    page.wait_for_timeout(150)  # the pads are fitted anew
    window = Box(0, 0, size["width"], size["height"])
    pads = [[Box(*box) for box in boxes] for boxes in page.evaluate(BOXES)]
    assert len(pads) == CLASS_SEATS
    for pad, frame, ink in pads:
        assert pad.within(window)
        assert frame.right - frame.left >= LEAST
        assert ink.meets(frame)
        assert ink.bottom - ink.top > LEAST / 2, "a bar is long"
    assert not any(one.meets(other) for (one, *_), (other, *_) in combinations(pads, 2))
    assert not page.evaluate(SCROLLS)


def test_all_thirty_pads_are_seen_to_fill(new_player: NewPlayer, address: str):
    with a_class(address, NAMES) as (code, begin):
        page = new_player(address, viewport=SIZES[0]).page
        page.goto(f"{address}/?watch={code}")
        expect(page.locator(".seats li:not(.free)")).to_have_count(CLASS_SEATS)
        begin()
        ink = page.locator("[data-watch-opponents] .frame path")
        expect(ink).to_have_count(CLASS_SEATS)
        for size in SIZES:
            check_pads(page, size)
        names = page.locator("[data-watch-opponents] .who b").all_inner_texts()
        assert sorted(names) == sorted(NAMES)
