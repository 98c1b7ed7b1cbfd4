"""Splits: by drawing, repeatable, and without a drawing that is in two of them."""

import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.command import UserError
from models.drawing import Drawing, Stroke
from models.raster import rasterise_batch
from models.words import ALL
from tests import made
from tests.training.data.test_quickdraw import HOUSE, SUN, binary, ndjson, write
from training.data import dataset
from training.data.dataset import OUTLIER, SPLITS, Dataset, aspects, load, squeezed


@pytest.fixture(scope="module")
def whole(folder: Path) -> Dataset:
    return load(made.WORDS, folder)


def places(data: Dataset) -> dict[bytes, set[str]]:
    """The splits in which each bitmap of the words is."""
    found: dict[bytes, set[str]] = {}
    for split, part in data.parts.items():
        for pixels in part.bitmaps.pixels:
            found.setdefault(pixels.tobytes(), set()).add(split)
    return found


def keys(data: Dataset) -> Counter[str]:
    return Counter(d.key or "" for p in data.parts.values() for d in p.strokes.drawings)


def scribbles(count: int) -> list[Drawing]:
    """Drawings that all look different, with different widths and heights."""
    rng = np.random.default_rng(3)
    lines = [rng.uniform(0, (200, 170), (8, 2)).astype(np.float32) for _ in range(count)]
    return [Drawing((Stroke(xy),), "line", str(i)) for i, xy in enumerate(lines)]


def stretched(drawing: Drawing) -> Drawing:
    """The drawing with its width and its height each scaled to 255 units."""
    xy = np.concatenate([s.xy for s in drawing.strokes])
    scale = 255 / np.ptp(xy, axis=0)
    return Drawing(tuple(Stroke((s.xy - xy.min(0)) * scale) for s in drawing.strokes), key="s")


def test_every_drawing_is_in_one_split(whole: Dataset):
    counts = {split: len(part.bitmaps) for split, part in whole.parts.items()}
    assert sum(counts.values()) == 3 * 80
    assert all(len(splits) == 1 for splits in places(whole).values())
    assert 0.6 < counts["train"] / 240 < 0.95
    assert min(counts.values()) > 5
    assert set(keys(whole).values()) == {1}
    assert len(keys(whole)) == 3 * 60


def test_labels_are_columns_and_kinds_are_words(whole: Dataset):
    for part in whole.parts.values():
        for own in (part.bitmaps, part.strokes):
            assert [made.WORDS[k] for k in own.labels] == [ALL[k] for k in own.fine_labels]
        for other in (part.other_bitmaps, part.other_strokes):
            assert {ALL[k] for k in other.fine_labels} == set(made.OTHERS)
            assert set(other.labels) == {OUTLIER}
        assert [d.word for d in part.strokes.drawings] == [ALL[k] for k in part.strokes.fine_labels]


def test_strokes_of_the_binary_form_are_read_where_there_are_no_simplified_ones(tmp_path: Path):
    """As `training.fetch --form strokes` brings them; the drawings, their splits, the hash too."""
    words = ("house", "sun")
    for word in words:
        write(tmp_path, f"simplified/{word}.ndjson", ndjson(word, HOUSE, SUN))
        made.write_bitmaps(tmp_path, word, rasterise_batch(scribbles(30)))
    simplified = load(words, tmp_path)
    for word in words:
        write(tmp_path, f"binary/{word}.bin", binary(HOUSE, SUN))
    assert keys(load(words, tmp_path)) == Counter({"7": 2, "8": 2})  # none of them twice
    shutil.rmtree(tmp_path / "simplified")
    bare = load(words, tmp_path)
    assert (keys(bare), bare.hash) == (keys(simplified), simplified.hash)


def test_loading_again_gives_the_same(whole: Dataset, folder: Path):
    again = load(made.WORDS, folder)
    assert again.hash == whole.hash
    for split in SPLITS:
        mine, theirs = again.parts[split], whole.parts[split]
        np.testing.assert_array_equal(mine.bitmaps.pixels, theirs.bitmaps.pixels)
        assert [d.key for d in mine.strokes.drawings] == [d.key for d in theirs.strokes.drawings]


def test_splits_do_not_depend_on_the_order_in_the_file(whole: Dataset, tmp_path: Path):
    for word in made.WORDS:
        made.write_bitmaps(tmp_path, word, rasterise_batch(made.drawings(word, 80))[::-1])
    assert places(load(made.WORDS, tmp_path)) == places(whole)


def test_copies_of_a_bitmap_stay_together(tmp_path: Path):
    for word in ("circle", "square"):
        bitmaps = rasterise_batch(made.drawings(word, 40))
        made.write_bitmaps(tmp_path, word, np.concatenate([bitmaps, bitmaps[::-1]]))
    data = load(("circle", "square"), tmp_path)
    assert all(len(splits) == 1 for splits in places(data).values())
    assert sum(len(part.bitmaps) for part in data.parts.values()) == 160


def test_a_stroke_drawing_joins_the_bitmap_that_is_the_same_drawing(tmp_path: Path):
    drawings = scribbles(40)
    for word in ("line", "star"):
        made.write_bitmaps(tmp_path, word, rasterise_batch(drawings))
    made.write_strokes(tmp_path, "simplified", "line", drawings)
    data = load(("line", "star"), tmp_path)
    joined = Counter[str]()
    for split, part in data.parts.items():
        bitmaps = {pixels.tobytes() for pixels in part.bitmaps.pixels}
        assert {r.tobytes() for r in rasterise_batch(part.strokes.drawings)} <= bitmaps
        joined[split] = len(part.strokes)
    assert sum(joined.values()) == 40
    assert min(joined.values()) > 0


def test_other_stroke_drawings_are_split_by_their_names(whole: Dataset, folder: Path):
    """So a drawing that exists both simplified and raw is in one split only."""
    kept = {key: split for split, part in whole.parts.items() for key in _keys(part.strokes)}
    turned = [
        Drawing(tuple(Stroke(s.xy[:, ::-1]) for s in d.strokes), "star", d.key)
        for d in made.drawings("circle", 50, 84)
    ]
    splits = dataset._place(turned, np.zeros((0, 28, 28), np.uint8), np.array([], str))
    assert [kept[d.key or ""] for d in turned] == splits


def _keys(strokes: dataset.StrokeDrawings) -> list[str]:
    return [drawing.key or "" for drawing in strokes.drawings]


def test_stretched_drawings_are_for_training_and_none_is_a_held_out_bitmap(tmp_path: Path):
    drawings = scribbles(60)
    bitmaps = rasterise_batch(drawings)
    for word in ("line", "star"):
        made.write_bitmaps(tmp_path, word, bitmaps)
    made.write_strokes(tmp_path, "stretched", "line", [stretched(d) for d in drawings])
    data = load(("line", "star"), tmp_path)
    assert [len(data.parts[split].strokes) for split in ("validation", "test")] == [0, 0]
    train = data.parts["train"]
    assert train.strokes.stretched.all()
    assert 30 < len(train.strokes) <= len(train.bitmaps) // 2
    rasters = rasterise_batch([stretched(d) for d in drawings])
    held_out = {
        rasters[k].tobytes()
        for k, bitmap in enumerate(bitmaps)
        if places(data)[bitmap.tobytes()] != {"train"}
    }
    assert len(held_out) > 3
    assert not {r.tobytes() for r in rasterise_batch(train.strokes.drawings)} & held_out


def test_a_drawing_without_ink_is_left_out(tmp_path: Path):
    dot = Drawing((Stroke(np.zeros((1, 2), np.float32)),), "circle", "dot")
    made.write_folder(tmp_path, ("circle", "square"), 20, 20)
    made.write_strokes(tmp_path, "simplified", "circle", [dot, *made.drawings("circle", 5)])
    assert "dot" not in keys(load(("circle", "square"), tmp_path))


@pytest.fixture(scope="module")
def fishes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fishes")
    for word in ("fish", "cat", "shark", "octopus"):
        made.write_bitmaps(folder, word, rasterise_batch(scribbles(30)))
        made.write_strokes(folder, "simplified", word, scribbles(30))
    return folder


def others(data: Dataset) -> set[str]:
    parts = data.parts.values()
    return {
        ALL[k] for p in parts for of in (p.other_bitmaps, p.other_strokes) for k in of.fine_labels
    }


def test_true_kinds_of_a_word_are_no_outliers(fishes: Path):
    assert others(load(("fish", "cat"), fishes)) == {"octopus"}
    assert others(load(("cat", "octopus"), fishes)) == {"fish", "shark"}
    assert others(load(("fish", "shark"), fishes)) == {"cat", "octopus"}


def test_others_and_strokes_can_be_left_out(fishes: Path):
    assert others(load(("fish", "cat"), fishes, others=False)) == set()
    bare = load(("fish", "cat"), fishes, strokes=False)
    assert [len(p.strokes) + len(p.other_strokes) for p in bare.parts.values()] == [0, 0, 0]
    assert len(bare.parts["train"].other_bitmaps) > 0


def test_per_word_limits_training_only(whole: Dataset, folder: Path):
    few = load(made.WORDS, folder, per_word=5)
    assert Counter(few.parts["train"].bitmaps.labels.tolist()) == {0: 5, 1: 5, 2: 5}
    for split in ("validation", "test"):
        np.testing.assert_array_equal(
            few.parts[split].bitmaps.pixels, whole.parts[split].bitmaps.pixels
        )
    assert few.hash != whole.hash


def test_the_hash_tells_data_words_and_splits_apart(
    whole: Dataset, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    made.write_folder(tmp_path)
    assert load(made.WORDS, tmp_path).hash == whole.hash
    bitmaps = rasterise_batch(made.drawings("star", 80))
    bitmaps[-1, 0, 0] ^= 1
    made.write_bitmaps(tmp_path, "star", bitmaps)
    hashes = {whole.hash, load(made.WORDS, tmp_path).hash, load(made.WORDS[::-1], folder).hash}
    hashes |= {load(made.WORDS, folder, strokes=False).hash}
    monkeypatch.setattr(dataset, "HELD_OUT", 9)
    assert len(hashes | {load(made.WORDS, folder).hash}) == 5


def test_a_word_without_bitmaps_is_reported(folder: Path):
    with pytest.raises(UserError, match="no drawings of 'cat'"):
        load(("circle", "cat"), folder)


def test_a_split_without_any_bitmap_is_reported(tmp_path: Path):
    for word in ("circle", "square"):
        made.write_bitmaps(tmp_path, word, rasterise_batch(made.drawings(word, 1)))
    message = r"no drawing of circle \(has 1\), square .* about 50 drawings a word"
    with pytest.raises(UserError, match=message):
        load(("circle", "square"), tmp_path)


def test_one_word_is_nothing_to_tell_apart(folder: Path):
    with pytest.raises(UserError, match="expected at least two"):
        load(("circle",), folder)


@given(some.floats(0.1, 10))
def test_a_squeezed_drawing_has_its_aspect_and_does_not_grow(aspect: float):
    across, down = squeezed(aspect)
    assert across / down == pytest.approx(aspect, rel=1e-3)
    assert max(across, down) == 1


@pytest.mark.parametrize(("box", "aspect"), [((4, 2, 12, 6), 0.5), ((5, 5, 6, 9), 4), (None, 1)])
def test_the_aspect_of_a_bitmap_is_that_of_its_ink(box: Sequence[int] | None, aspect: float):
    bitmap = np.zeros((1, 28, 28), np.uint8)
    if box is not None:
        top, left, bottom, right = box
        bitmap[0, top:bottom, left:right] = 200
    assert aspects(bitmap).tolist() == [aspect]
