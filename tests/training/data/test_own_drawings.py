"""Folders of a user's own drawings: strokes, arrays and images, used like those of Quick, Draw!"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from models import words as word_sets
from models.command import UserError
from models.raster import rasterise_batch
from tests import made
from tests.training.own_folder import COUNT
from training.data import dataset, own_drawings
from training.data.dataset import OUTLIER


def test_a_folder_is_ones_own_if_it_is_not_laid_out_as_quick_draws(mine: Path, folder: Path):
    assert own_drawings.is_own(mine)
    assert not own_drawings.is_own(folder)
    assert not own_drawings.is_own(mine / "nowhere")


def test_all_three_forms_are_read_and_split(mine: Path):
    data = dataset.load(("box", "round thing", "wave"), mine)
    counts = {name: np.bincount(part.bitmaps.labels) for name, part in data.parts.items()}
    assert np.sum(list(counts.values()), axis=0).tolist() == [COUNT] * 3
    train = data.parts["train"]
    assert {drawing.word for drawing in train.strokes.drawings} == {"circle"}
    assert set(train.strokes.labels.tolist()) == {1}


def test_words_that_are_not_chosen_are_other_words(mine: Path):
    train = dataset.load(("box", "wave"), mine).parts["train"]
    assert len(train.other_bitmaps) > 0
    assert set(train.other_bitmaps.labels.tolist()) == {OUTLIER}
    assert not len(dataset.load(("box", "wave"), mine, others=False).parts["train"].other_bitmaps)


ZEBRA = word_sets.ALL.index("zebra")


def test_images_look_as_googles_bitmaps_do(mine: Path):
    """A bitmap that is turned into a scan and read again is nearly unchanged."""
    found, drawings = own_drawings.load("wave", mine)
    bitmaps = rasterise_batch(made.drawings("zigzag", COUNT))
    places = sorted(range(COUNT), key=str)  # files are sorted by name
    same = dataset.standardised(found) * dataset.standardised(bitmaps[places])
    assert same.sum(1).mean() > 0.85
    assert drawings == []


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.bool_])
def test_arrays_may_be_bytes_shares_or_truths(tmp_path: Path, dtype: type):
    bitmaps = rasterise_batch(made.drawings("circle", 3))
    values = bitmaps if dtype is np.uint8 else (bitmaps / 255).round().astype(dtype)
    np.save(tmp_path / "circle.npy", values.reshape(3, -1))
    found, _ = own_drawings.load("circle", tmp_path)
    expected = bitmaps if dtype is np.uint8 else (bitmaps / 255).round() * 255
    assert np.array_equal(found, expected)


def test_dark_ink_and_transparent_paper_become_white_ink_on_black(tmp_path: Path):
    (tmp_path / "bar").mkdir()
    pixels = np.zeros((50, 50, 4), np.uint8)
    pixels[10:40, 20:30, 3] = 255  # black, opaque
    Image.fromarray(pixels, "RGBA").save(tmp_path / "bar" / "1.png")
    [bitmap] = own_drawings.load("bar", tmp_path)[0]
    assert bitmap[14, 14] == 255
    assert bitmap[0].max() == bitmap[:, 2].max() == 0


def written(tmp_path: Path, image: Image.Image, name: str = "1.png", **options: Any) -> Path:
    (tmp_path / "bar").mkdir(exist_ok=True)
    image.save(tmp_path / "bar" / name, **options)
    return tmp_path


BAR = np.full((60, 60), 240, np.uint8)  # a dark corner on light paper: no turn leaves it the same
BAR[10:50, 10:20] = BAR[40:50, 10:40] = 20
EXPECTED = own_drawings.as_bitmap(BAR)


@pytest.mark.parametrize(
    "gray",
    [BAR.astype(np.uint16) * 257, (255 - BAR).astype(np.uint16) * 257, BAR.astype(np.uint16)],
    ids=["16 bits", "white ink", "levels up to 255"],
)
def test_images_of_16_bits_are_not_clipped(tmp_path: Path, gray: NDArray[Any]):
    [bitmap], _ = own_drawings.load("bar", written(tmp_path, Image.fromarray(gray)))
    np.testing.assert_array_equal(bitmap, EXPECTED)


def test_tiff_is_read(tmp_path: Path):
    [bitmap], _ = own_drawings.load("bar", written(tmp_path, Image.fromarray(BAR), "1.tiff"))
    np.testing.assert_array_equal(bitmap, EXPECTED)


@pytest.mark.parametrize("ink", [0, 90, 200, 255])
def test_ink_on_transparent_paper_is_seen_whatever_its_level(tmp_path: Path, ink: int):
    layers = np.zeros((*BAR.shape, 2), np.uint8)
    layers[BAR < 100] = (ink, 255)
    image = Image.fromarray(layers, "LA")
    [bitmap], _ = own_drawings.load("bar", written(tmp_path, image))
    np.testing.assert_array_equal(bitmap > 40, EXPECTED > 40)


def test_a_white_page_with_transparent_margins_is_still_paper(tmp_path: Path):
    page = Image.new("LA", (100, 100))
    page.paste(Image.fromarray(np.where(BAR < 100, 20, 255).astype(np.uint8)), (20, 20, 80, 80))
    [bitmap], _ = own_drawings.load("bar", written(tmp_path, page))
    np.testing.assert_array_equal(bitmap > 40, EXPECTED > 40)


def test_a_photo_is_turned_as_its_camera_says(tmp_path: Path):
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned by 90° clockwise
    lying = Image.fromarray(np.rot90(BAR).copy())
    [bitmap], _ = own_drawings.load("bar", written(tmp_path, lying, exif=exif))
    np.testing.assert_array_equal(bitmap, EXPECTED)


def test_drawings_without_ink_are_left_out(tmp_path: Path):
    blank = Image.new("L", (60, 60), 255)
    written(tmp_path, blank, "2.png")
    np.save(tmp_path / "bars.npy", np.stack([EXPECTED, np.zeros_like(EXPECTED)]))
    assert len(own_drawings.load("bars", tmp_path)[0]) == 1
    with pytest.raises(UserError, match="bar holds no drawing"):
        own_drawings.load("bar", tmp_path)
    assert len(own_drawings.load("bar", written(tmp_path, Image.fromarray(BAR)))[0]) == 1


def test_words_are_those_of_the_folder(mine: Path, folder: Path):
    every = ("box", "round thing", "wave")
    assert own_drawings.words("classic", mine) == own_drawings.words("all", mine) == every
    assert own_drawings.words("wave, box", mine) == ("wave", "box")
    assert own_drawings.words("classic", folder) == word_sets.CLASSIC
    with pytest.raises(UserError, match=r"no drawings of 'boxx'\. Did you mean 'box'\?"):
        own_drawings.words("wave,boxx", mine)
    with pytest.raises(UserError, match="a list of different words"):
        own_drawings.words("wave,wave", mine)


def write_text(path: Path) -> None:
    path.write_text("no image")


def write_array(path: Path) -> None:
    np.save(path, np.zeros((2, 5)))


@pytest.mark.parametrize(
    ("name", "write", "message"),
    [
        ("cat/1.png", write_text, "cannot read the image .*1.png"),
        ("cat.npy", write_text, "cannot read .*cat.npy"),
        ("cat.npy", write_array, r"is an array of float64 \(2, 5\)\. expected \(N, 784\)"),
        ("cat.npy", lambda path: np.save(path, np.zeros((0, 784), np.uint8)), "holds no drawing"),
        ("cat.ndjson", write_text, "cat.ndjson, line 1"),
    ],
)
def test_unreadable_files_are_reported(tmp_path: Path, name: str, write: object, message: str):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    assert callable(write)
    write(path)
    with pytest.raises(UserError, match=message):
        own_drawings.load("cat", tmp_path)


GRAY = rasterise_batch(made.drawings("circle", 3))


@pytest.mark.parametrize(
    "values",
    [
        np.asfortranarray(GRAY.reshape(3, -1)),
        GRAY.astype(">u2"),
        GRAY.astype(">f8"),
        (GRAY / 255).astype(np.float16),
        (GRAY / 255).astype(">f4"),
        GRAY.astype(np.int64),
    ],
    ids=lambda values: f"{values.dtype}{values.shape}",
)
def test_gray_levels_are_read_as_any_tool_writes_them(tmp_path: Path, values: NDArray[Any]):
    np.save(tmp_path / "circle.npy", values)
    bitmaps, _ = own_drawings.load("circle", tmp_path)
    np.testing.assert_allclose(bitmaps.astype(int), GRAY, atol=1)


@pytest.mark.parametrize("kind", [bool, np.uint8, np.float32])
def test_masks_are_black_and_white(tmp_path: Path, kind: type):
    np.save(tmp_path / "circle.npy", (GRAY > 127).astype(kind))
    bitmaps, _ = own_drawings.load("circle", tmp_path)
    np.testing.assert_array_equal(bitmaps, np.where(GRAY > 127, 255, 0))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (GRAY.astype(np.float32) - 128, "values from -128 to 127. expected 0 to 255"),
        (np.full((1, 28, 28), 256, np.uint16), "values from 256 to 256"),
        (np.full((1, 28, 28), np.nan), "values from nan to nan"),
        (GRAY.astype(complex), r"array of complex128 \(3, 28, 28\)"),
        (np.zeros((1, 0, 5)), r"array of float64 \(1, 0, 5\)"),
        (np.zeros((28, 28)), r"array of float64 \(28, 28\)"),
        (GRAY[..., None], r"array of uint8 \(3, 28, 28, 1\)"),
        (np.array([{"a": 1}], object), "it holds Python objects"),
    ],
)
def test_arrays_of_something_else_are_reported(tmp_path: Path, values: NDArray[Any], message: str):
    np.save(tmp_path / "circle.npy", values)
    with pytest.raises(UserError, match=message):
        own_drawings.load("circle", tmp_path)


def test_hidden_files_are_no_drawings(tmp_path: Path):
    np.save(tmp_path / "circle.npy", GRAY)
    (tmp_path / "cow").mkdir()
    Image.fromarray(GRAY[0]).save(tmp_path / "cow" / "1.png")
    for hidden in ("._circle.npy", ".DS_Store.npy", "cow/._1.png"):
        (tmp_path / hidden).write_bytes(b"Mac OS X")
    assert own_drawings.available(tmp_path) == ("circle", "cow")
    assert len(own_drawings.load("cow", tmp_path)[0]) == 1


def test_too_few_to_hold_any_out_are_reported(tmp_path: Path):
    for word in ("circle", "square"):
        np.save(tmp_path / f"{word}.npy", rasterise_batch(made.drawings(word, 1)))
    with pytest.raises(UserError, match="at least about 50 drawings a word"):
        dataset.load(("circle", "square"), tmp_path)


def test_a_word_with_none_held_out_is_named(tmp_path: Path):
    for word, count in (("circle", COUNT), ("square", COUNT), ("star", 3)):
        np.save(tmp_path / f"{word}.npy", rasterise_batch(made.drawings(word, count)))
    with pytest.raises(UserError, match=r"of star \(has 3\) for .* about 50 drawings a word"):
        dataset.load(("circle", "square", "star"), tmp_path)
    assert dataset.load(("circle", "square"), tmp_path).words == ("circle", "square")


def test_a_word_in_two_files_is_reported(tmp_path: Path):
    np.save(tmp_path / "cat.npy", GRAY)
    (tmp_path / "cat.ndjson").write_text(made.drawing("circle", 0).to_json())
    with pytest.raises(UserError, match=r"has 'cat' twice: cat\.ndjson and cat\.npy\. Take one"):
        own_drawings.words("all", tmp_path)


def test_images_that_cannot_be_read_are_reported(tmp_path: Path):
    np.save(tmp_path / "cat.npy", GRAY)
    (tmp_path / "dog").mkdir()
    (tmp_path / "dog" / "notes.txt").write_text("no image: no word")
    assert own_drawings.available(tmp_path) == ("cat",)
    (tmp_path / "dog" / "1.HEIC").write_bytes(b"")
    with pytest.raises(UserError, match=r"dog holds no image that can be read, but \.heic\. Conv"):
        own_drawings.available(tmp_path)
    with pytest.raises(UserError, match="dog holds no image that can be read"):
        own_drawings.is_own(tmp_path)


def test_a_set_of_words_that_the_folder_lacks_is_refused(mine: Path, tmp_path: Path):
    message = r"no drawings of 10 of the 10 words of 'party', .* Expected --words all"
    with pytest.raises(UserError, match=message):
        own_drawings.words("party", mine)
    for word in (*word_sets.PARTY, "box"):
        np.save(tmp_path / f"{word}.npy", GRAY)
    assert own_drawings.words("party", tmp_path) == word_sets.PARTY


def test_a_word_that_the_folder_lacks_is_named(mine: Path):
    with pytest.raises(UserError, match=r"no drawings of 'bax'\. Did you mean 'box'\?"):
        dataset.load(("bax", "wave"), mine)
    with pytest.raises(UserError, match=r"'kettle'\. It has box, round thing, wave"):
        own_drawings.load("kettle", mine)


def test_own_words_are_not_looked_for_in_quick_draw(folder: Path):
    with pytest.raises(
        UserError, match=r"Quick, Draw! has no such word\. Point --data-dir .* your"
    ):
        dataset.load(("box", "circle"), folder)


def test_a_word_of_quick_draw_has_its_own_fine_label_and_others_have_free_ones(tmp_path: Path):
    """A drawing of "aaa" would count as a shark, which is a fish, if it had the shark's label."""
    for word in ("aaa", "fish", "sea turtle", "zebra"):
        np.save(tmp_path / f"{word}.npy", rasterise_batch(made.drawings("circle", COUNT)))
    data = dataset.load(("fish", "zebra"), tmp_path)
    assert data.own
    train = data.parts["train"]
    assert set(train.bitmaps.fine_labels.tolist()) == {word_sets.ALL.index("fish"), ZEBRA}
    turtle = word_sets.ALL.index("sea turtle")
    [free] = set(train.other_bitmaps.fine_labels.tolist()) - {turtle}
    kinds = {kind for kinds in word_sets.KINDS.values() for kind in kinds}
    assert word_sets.ALL[free] not in {"fish", "zebra", *kinds}
