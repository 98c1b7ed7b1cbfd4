"""The batches of a step: made as the settings ask, and equal for equal seed, epoch and step."""

from collections import Counter
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some
from numpy.typing import NDArray
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from models.command import UserError
from models.words import ALL
from tests import made
from training.data import dataset
from training.data.dataset import NO_STROKES, OUTLIER, Bitmaps, Dataset, Part, StrokeDrawings
from training.sampling import sources
from training.sampling.balance import Balance
from training.sampling.batches import Batches, _odds, _shares, target_rows
from training.sampling.mixture import Mixture

CPU = torch.device("cpu")
MIXED = Mixture(strokes=0.25, outliers=0.125, outlier_strokes=0.125)
NOTHING = Bitmaps(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64), np.zeros(0, np.int64))


@pytest.fixture(scope="module")
def part(data: Dataset) -> Part:
    return data.parts["train"]


def batches(part: Part, mixture: Mixture = MIXED, size: int = 16) -> Batches:
    return Batches(part, 3, size, mixture, CPU)


def test_a_batch_is_made_of_the_shares_asked_for(part: Part):
    made = batches(part)
    batch = made.draw(0, 0, 0)
    pixels, targets = batch.pixels, batch.targets
    assert (pixels.shape, pixels.dtype) == ((16, 1, 28, 28), torch.uint8)
    assert (targets.shape, targets.dtype) == ((16, 3), torch.float32)
    own = targets.amax(1) == 1
    assert own.tolist() == [True] * 8 + [False] * 2 + [True] * 4 + [False] * 2
    torch.testing.assert_close(targets[~own], torch.full((4, 3), 1 / 3))
    assert (made.size, made.own, made.steps) == (16, 8, 48 // 8)


def test_bitmaps_of_the_words_come_with_their_labels(part: Part):
    labels = {p.tobytes(): k for p, k in zip(part.bitmaps.pixels, part.bitmaps.labels, strict=True)}
    batch = batches(part).draw(3, 1, 2)
    drawn = [p.numpy().tobytes() for p in batch.pixels[:, 0]]
    assert [labels[p] for p in drawn[:8]] == batch.targets[:8].argmax(1).tolist()
    assert set(drawn[8:10]) <= {p.tobytes() for p in part.other_bitmaps.pixels}


def test_every_drawing_comes_with_its_kind(part: Part):
    batch = batches(part).draw(3, 1, 2)
    words = torch.tensor([ALL.index(word) for word in made.WORDS])
    known = batch.targets.amax(1) == 1
    assert torch.equal(batch.fine_labels[known], words[batch.targets[known].argmax(1)])
    others = {*part.other_bitmaps.fine_labels.tolist(), *part.other_strokes.fine_labels.tolist()}
    assert set(batch.fine_labels[~known].tolist()) <= others
    assert torch.equal(batch.pixels[:8, 0], batches(part).pixels[batch.chosen])


def test_each_bitmap_comes_once_an_epoch_in_another_order_the_next(part: Part):
    made = batches(part)
    epochs = [
        torch.cat([made.draw_indices(5, epoch, step)[0] for step in range(made.steps)]).tolist()
        for epoch in (0, 1)
    ]
    assert [sorted(epoch) for epoch in epochs] == [list(range(48))] * 2
    assert epochs[0] != epochs[1]


def test_indices_are_those_of_the_drawn_bitmaps(part: Part):
    made = batches(part)
    batch = made.draw(1, 2, 3)
    chosen, own_targets = made.draw_indices(1, 2, 3)
    assert torch.equal(chosen, batch.chosen)
    torch.testing.assert_close(made.pixels[chosen], batch.pixels[:8, 0])
    torch.testing.assert_close(own_targets, batch.targets[:8])


def test_seed_epoch_and_step_decide_and_nothing_else(part: Part):
    first, second = batches(part), batches(part)
    first.draw(0, 0, 1)
    torch.manual_seed(0)
    mine, theirs = asdict(first.draw(4, 3, 2)), asdict(second.draw(4, 3, 2))
    assert all(torch.equal(mine[name], theirs[name]) for name in mine)
    places = [(4, 3, 2), (5, 3, 2), (4, 4, 2), (4, 3, 1)]
    assert len({first.draw(*at).pixels.numpy().tobytes() for at in places}) == 4


def test_every_epoch_seed_and_step_adds_other_drawings(part: Part):
    made = batches(part, Mixture(outliers=0.25, outlier_strokes=0.25))
    places = [(0, 0, 0), (0, 1, 0), (1, 0, 0), (0, 0, 1)]
    added = [made.draw(*at).pixels[made.own :] for at in places]
    for share in (slice(0, 4), slice(4, 8)):  # bitmaps, then strokes of other words
        assert len({pixels[share].numpy().tobytes() for pixels in added}) == len(places)


@pytest.mark.parametrize("share", ["outliers", "outlier_strokes", "outlier_traced"])
def test_other_words_come_up_by_the_square_root_of_their_drawings(part: Part, share: str):
    few, many = np.unique(part.other_bitmaps.fine_labels)
    strokes = part.other_strokes.at(uneven(part.other_strokes.fine_labels, few, many))
    bitmaps = part.other_bitmaps.at(uneven(part.other_bitmaps.fine_labels, few, many))
    part = replace(part, other_bitmaps=bitmaps, other_strokes=strokes)
    assert odds_of(part, share, many) == pytest.approx(2 * odds_of(part, share, few))


@pytest.mark.parametrize("share", ["strokes", "traced"])
def test_words_come_up_alike_however_many_drawings_they_have(part: Part, share: str):
    few, many = np.unique(part.bitmaps.fine_labels)[:2]
    strokes = part.strokes.at(uneven(part.strokes.fine_labels, few, many))
    bitmaps = part.bitmaps.at(uneven(part.bitmaps.fine_labels, few, many))
    part = replace(part, bitmaps=bitmaps, strokes=strokes)
    assert odds_of(part, share, many) == pytest.approx(odds_of(part, share, few))


def odds_of(part: Part, share: str, word: int) -> float:
    """The odds that a word comes up in one share of a mixture."""
    [found] = [each for each in _shares(part, Mixture(**{share: 0.25})) if each.share]
    kinds = found.drawings.fine_labels
    return float(_odds(kinds, found.power)[kinds == word].sum())


def uneven(kinds: NDArray[np.int64], few: int, many: int) -> NDArray[np.intp]:
    """Positions of two drawings of one word and eight of another."""
    return np.concatenate([np.flatnonzero(kinds == few)[:2], np.flatnonzero(kinds == many)[:8]])


def test_strokes_are_partial_drawings_no_shorter_than_asked(part: Part):
    whole = batches(part, Mixture(strokes=0.5, shortest=1.0))
    finished = {r.tobytes() for r in dataset.rasterise_batch(part.strokes.drawings)}
    assert {p.numpy().tobytes() for p in whole.draw(0, 0, 0).pixels[8:, 0]} <= finished
    partial = batches(part, Mixture(strokes=0.5, shortest=0.2)).draw(0, 0, 0).pixels[8:, 0]
    assert len({p.numpy().tobytes() for p in partial} - finished) > 4


def test_bitmaps_become_partial_drawings_where_there_are_no_strokes(part: Part):
    bare = Part(part.bitmaps, NO_STROKES, part.other_bitmaps, NO_STROKES)
    batch = batches(bare, Mixture(traced=0.25, outlier_traced=0.25)).draw(0, 0, 0)
    own, partial, other = batch.pixels[:8, 0], batch.pixels[8:12, 0], batch.pixels[12:, 0]
    assert (batch.targets.amax(1) == 1).tolist() == [True] * 12 + [False] * 4
    assert (
        batch.targets[:12].argmax(1) == torch.tensor(list(map(kind_column, batch.fine_labels[:12])))
    ).all()
    known = {p.tobytes() for p in (*part.bitmaps.pixels, *part.other_bitmaps.pixels)}
    assert not {p.numpy().tobytes() for p in (*partial, *other)} & known
    ink = [(each > 60).float().mean() for each in (own, torch.cat([partial, other]))]
    assert 0 < ink[1] < ink[0]


def test_bitmaps_are_traced_once_and_no_more_than_a_run_needs(
    part: Part, monkeypatch: pytest.MonkeyPatch
):
    traced: list[int] = []

    def trace(bitmaps: Bitmaps, rng: np.random.Generator) -> StrokeDrawings:
        traced.append(len(bitmaps))
        return sources.traced(bitmaps, rng)

    monkeypatch.setattr("training.sampling.batches.traced", trace)
    made = Batches(part, 3, 16, Mixture(traced=0.25), CPU, epochs=3)
    assert traced == []  # until something is drawn
    for step in range(made.steps):
        made.draw(0, 0, step)
    assert traced == [4 * made.steps * 3]
    monkeypatch.setattr("training.sampling.batches.TRACED", 10)
    Batches(part, 3, 16, Mixture(traced=0.25), CPU, epochs=3).draw(0, 0, 0)
    assert traced[1:] == [10]


def test_a_gpu_is_sent_places_only_and_never_waited_for(part: Part):
    """The tensors have no values, so reading one back or mixing devices would be an error."""
    everything = Mixture(0.2, 0.1, 0.1, traced=0.1, outlier_traced=0.1)
    with FakeTensorMode(allow_non_fake_inputs=True):
        gpu = Batches(part, 3, 16, everything, torch.device("cuda"))
        batch = gpu.draw(0, 0, 0)
        chosen, targets = gpu.draw_indices(0, 0, 1)
    assert batch.pixels.shape == (16, 1, 28, 28)
    tensors = (batch.pixels, batch.targets, batch.fine_labels, batch.chosen, chosen, targets)
    assert {each.device.type for each in tensors} == {"cuda"}


def kind_column(kind: Tensor) -> int:
    """The column of a word, given its place among all words."""
    return made.WORDS.index(ALL[int(kind)])


def test_a_stretched_drawing_gets_an_aspect_of_its_words_bitmaps(part: Part):
    narrow = np.zeros((48, 28, 28), np.uint8)
    narrow[:, 4:24, 12:16] = 255
    strokes = replace(part.strokes, stretched=np.ones(len(part.strokes), bool))
    part = replace(part, bitmaps=replace(part.bitmaps, pixels=narrow), strokes=strokes)
    pixels = batches(part, Mixture(strokes=0.5, shortest=1.0)).draw(0, 0, 0).pixels[8:, 0].numpy()
    assert dataset.aspects(pixels).max() < 0.5


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("strokes", "no stroke drawings of the words.* --words all --form simplified"),
        ("more", "no drawings from elsewhere.* --more FOLDER"),
        ("outliers", "no bitmaps of other words.* --words all"),
        ("outlier_strokes", "no stroke drawings of other words.* --form simplified"),
        ("outlier_traced", "no bitmaps of other words.* --words all"),
    ],
)
def test_drawings_that_are_asked_for_and_not_there_are_told(part: Part, name: str, message: str):
    """A run without them would be the plain recipe, and its record would say otherwise."""
    bare = Part(part.bitmaps, NO_STROKES, NOTHING, NO_STROKES)
    assert batches(bare, Mixture()).own == 16
    with pytest.raises(UserError, match=f"mixture.{name} is 0.25, but there are {message}"):
        batches(bare, Mixture(**{name: 0.25}))


def test_a_batch_is_no_larger_than_the_data(part: Part):
    made = batches(part, Mixture(), 1000)
    assert (made.size, made.steps) == (48, 1)


@pytest.mark.parametrize("mixture", [Mixture(strokes=1.0), Mixture(strokes=0.6, traced=0.7)])
def test_a_mixture_without_room_for_the_words_is_refused(part: Part, mixture: Mixture):
    with pytest.raises(UserError, match="no room for bitmaps of the words"):
        batches(part, mixture)


def test_missing_bitmaps_are_reported(part: Part):
    with pytest.raises(UserError, match="no room for bitmaps of the words"):
        batches(replace(part, bitmaps=NOTHING))


@given(some.lists(some.integers(-1, 4), min_size=1, max_size=20))
def test_targets_are_the_label_or_nothing_in_particular(labels: list[int]):
    rows = target_rows(torch.tensor(labels), 5)
    for row, label in zip(rows, labels, strict=True):
        expected = torch.full((5,), 0.2) if label == OUTLIER else torch.eye(5)[label]
        torch.testing.assert_close(row, expected)


@pytest.mark.parametrize(("power", "share"), [(0.0, 0.5), (0.5, 0.75), (1.0, 0.9)])
def test_kinds_come_up_by_a_power_of_their_count(power: float, share: float):
    kinds = np.repeat([7, 3], [900, 100])
    which = np.random.default_rng(0).choice(len(kinds), 20_000, p=_odds(kinds, power))
    assert Counter(kinds[which].tolist())[7] / 20_000 == pytest.approx(share, abs=0.02)
    assert len(set(which.tolist())) > 900


def test_a_level_epoch_is_as_long_as_one_without_a_mixture(part: Part):
    plain = Batches(part, 3, 16, Mixture(), CPU, level=True)
    mixed = Batches(part, 3, 16, MIXED, CPU, level=True)
    assert plain.steps == mixed.steps == 48 // 16
    assert mixed.own == 8
    chosen = torch.cat([mixed.draw(0, 0, step).chosen for step in range(mixed.steps)])
    assert len(set(chosen.tolist())) == 24  # half of them; other epochs show others


def test_balanced_epochs_cap_rich_words_and_repeat_rare_ones():
    labels = np.repeat(np.arange(3), [500, 9, 40])
    rows = Bitmaps(np.zeros((549, 28, 28), np.uint8), labels, labels)
    part = Part(rows, NO_STROKES, NOTHING, NO_STROKES)
    made = Batches(part, 3, 59, Mixture(), CPU, balance=Balance(cap=100, repeats=4))
    assert made.steps == 4
    shown = [made.draw_indices(0, 0, step)[0].numpy() for step in range(made.steps)]
    assert np.bincount(labels[np.concatenate(shown)]).tolist() == [100, 36, 100]
    again = made.draw_indices(0, 1, 0)[0].numpy()
    assert set(again.tolist()) != set(shown[0].tolist())


def test_an_epoch_smaller_than_a_batch_counts_what_it_shows(part: Part):
    capped = Batches(part, 3, 32, Mixture(), CPU, balance=Balance(cap=4, repeats=1))
    assert (capped.size, capped.own, capped.steps) == (12, 12, 1)
    assert len(capped.draw(0, 0, 0).pixels) == 12
