"""Pictures of a replay for sharing: a card (PNG), and an animation of the guessing (GIF).

Pure: the functions turn a replay into the bytes of a file. The fonts are those of the page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from game.messages import PAD, Replay, Strokes
from game.rules.finishing import divided, moment_of
from game.web.pad import FOLDER

CARD = (1200, 630)  # pixels; the size that social networks show of a link
MOVIE = (480, 600)
STEP = 100  # ms between two frames; GIF counts in hundredths of a second
LONGEST = 80  # frames; a longer replay is played faster
HOLD = 2_500  # ms for which the last frame is shown
LINE = 6.5  # pad units; width of a line
SMOOTH = 3  # pictures are drawn larger by this factor, and then scaled down

TABLE, PAPER, SHADOW = "#E9DFCB", "#FAF6EC", "#CFC3AB"
INK, SOFT, ACCENT, SUCCESS = "#1D1D22", "#57524A", "#B9320F", "#0D6A49"
LATER = "#A79F90"  # ink that was drawn after the guess
SEATS = (
    "#F09A1A", "#4FB3EE", "#1AA77C", "#F5DC3C", "#3D6FD6", "#E0592A", "#D67BB0", "#9A958A",
)  # fmt: skip

Box = tuple[float, float, float]
"""Left, top and side of a square, in pixels of the finished picture."""


@dataclass(frozen=True)
class Texts:
    """The texts in a picture."""

    word: str
    result: str
    by: str

    @classmethod
    def of(cls, replay: Replay) -> "Texts":
        seconds = f"{replay.milliseconds / 1000:.1f} s"
        guessed = f"guessed in {seconds}"
        sure = f"the AI was {round(replay.best * 100)} % sure"
        result = guessed if replay.outcome == "guessed" else sure
        return cls(replay.word, result, replay.name if drawable(replay.name) else "")


def card(replay: Replay) -> bytes:
    """A PNG of `CARD` pixels with the drawing, its word, and the result."""
    canvas = Canvas(CARD)
    sheet = (60.0, 63.0, 504.0)
    canvas.sheet(sheet)
    guessed, finished = divided(replay.strokes, moment_of(replay))
    canvas.strokes(finished, sheet, LATER)
    canvas.strokes(guessed, sheet)
    texts, left = Texts.of(replay), 630.0
    canvas.text((left, 150), "The word", "sans", 34, SOFT)
    canvas.text((left, 188), texts.word, "hand", 128, INK, room=CARD[0] - left - 50)
    colour = SUCCESS if replay.outcome == "guessed" else ACCENT
    canvas.text((left, 346), texts.result, "hand", 64, colour, room=CARD[0] - left - 50)
    if texts.by:
        canvas.player((left, 452), texts.by, SEATS[replay.colour])
    canvas.text((left, 528), "Doodle Race · draw, and the AI guesses", "sans", 26, SOFT)
    file = BytesIO()
    canvas.finished().save(file, "PNG", optimize=True)
    return file.getvalue()


def animation(replay: Replay) -> bytes:
    """A GIF of `MOVIE` pixels that plays the drawing with the AI's guesses, then the result."""
    frames = list(_frames(replay))
    palette = frames[-1].quantize(48)
    first, *others = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    file = BytesIO()
    first.save(
        file,
        "GIF",
        save_all=True,
        append_images=others,
        duration=[STEP] * len(others) + [HOLD],
        loop=0,
        optimize=False,
    )
    return file.getvalue()


class Canvas:
    """A picture that is being drawn. Positions are in pixels of the finished picture."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._image = Image.new("RGB", (size[0] * SMOOTH, size[1] * SMOOTH), TABLE)
        self._pen = ImageDraw.Draw(self._image)

    def copy(self) -> "Canvas":
        other = Canvas.__new__(Canvas)
        other._image = self._image.copy()
        other._pen = ImageDraw.Draw(other._image)
        return other

    def finished(self) -> Image.Image:
        return self._image.reduce(SMOOTH)

    def sheet(self, box: Box) -> None:
        """Draw a sheet of the sketchbook with its wire binding."""
        x, y, side = box
        self._pen.rounded_rectangle(_scaled(x + 5, y + 8, x + side + 5, y + side + 8), 18, SHADOW)
        self._pen.rounded_rectangle(_scaled(x, y, x + side, y + side), 18, PAPER)
        holes = round(side / 42)
        for hole in range(holes):
            middle = x + side * (hole + 0.5) / holes
            self._pen.ellipse(_scaled(middle - 6, y + 9, middle + 6, y + 21), TABLE)
            self._pen.line(_scaled(middle, y - 10, middle, y + 15), SOFT, 4 * SMOOTH)

    def strokes(self, strokes: Strokes, box: Box, colour: str = INK) -> None:
        """Draw strokes on a sheet, with round ends."""
        for x, y, _ in strokes:
            self.line([*zip(x, y, strict=True)], box, colour)

    def line(self, points: list[tuple[float, float]], box: Box, colour: str = INK) -> None:
        left, top, side = (part * SMOOTH for part in box)
        scale = side / PAD
        dots = [(left + x * scale, top + y * scale) for x, y in points]
        radius = LINE * scale / 2
        self._pen.line(dots, colour, round(2 * radius), joint="curve")
        radius -= 0.75  # Pillow's circles are a little wider than its lines
        for x, y in dots:
            self._pen.ellipse((x - radius, y - radius, x + radius, y + radius), colour)

    def text(
        self,
        at: tuple[float, float],
        text: str,
        face: str,
        size: int,
        colour: str,
        room: float | None = None,
        anchor: str = "la",
    ) -> None:
        """Write a line of text, reduced to fit `room` pixels; `anchor` is as in Pillow."""
        while room and _font(face, size).getlength(text) > room * SMOOTH and size > 12:
            size -= 2
        self._pen.text((at[0] * SMOOTH, at[1] * SMOOTH), text, colour, _font(face, size), anchor)

    def player(self, at: tuple[float, float], name: str, colour: str) -> None:
        """Draw a player's blot of colour and name."""
        x, y = at
        self._pen.ellipse(_scaled(x, y + 6, x + 30, y + 36), colour, INK, 3 * SMOOTH)
        self.text((x + 44, y), name, "sans", 32, INK)


def drawable(text: str) -> bool:
    """Whether the page's font has all characters of a text; pictures use no other font."""
    missing = _glyph("\uffff")
    return bool(text) and all(letter == " " or _glyph(letter) != missing for letter in text)


def _frames(replay: Replay) -> Iterator[Image.Image]:
    """The frames of the animation, `STEP` ms apart, with the AI's first guess; then the result."""
    texts, sheet = Texts.of(replay), (30.0, 84.0, 420.0)
    canvas = Canvas(MOVIE)
    canvas.text((30, 14), texts.word, "hand", 52, INK, room=300)
    canvas.text((450, 34), "Doodle Race", "sans", 17, SOFT, anchor="ra")
    canvas.sheet(sheet)
    end = max([replay.milliseconds, *(stroke[2][-1] for stroke in replay.strokes)])
    pace = max(end / STEP / LONGEST, 1.0) * STEP
    drawn, moment = -1.0, moment_of(replay)
    for frame in range(1, int(end / pace) + 1):
        now = frame * pace
        for line in _between(replay.strokes, drawn, now):
            canvas.line(line, sheet, INK if now <= moment + pace else LATER)
        drawn = now
        if now <= moment:
            yield _said(canvas, _guess(replay, now), f"{now / 1000:.1f} s", SOFT)
        else:  # the player finishes the drawing
            yield _said(canvas, f"{replay.word}!", texts.result, SUCCESS)
    for line in _between(replay.strokes, drawn, end):
        canvas.line(line, sheet, INK if end <= moment + pace else LATER)
    colour = SUCCESS if replay.outcome == "guessed" else ACCENT
    word = f"{replay.word}!" if replay.outcome == "guessed" else "time is up"
    yield _said(canvas, word, texts.result, colour)


def _said(canvas: Canvas, guess: str, time: str, colour: str) -> Image.Image:
    """A frame with the text below the sheet."""
    frame = canvas.copy()
    frame.text((30, 522), guess, "hand", 44, colour, room=230)
    frame.text((450, 540), time, "sans", 22, SOFT, anchor="ra")
    return frame.finished()


def _between(strokes: Strokes, after: float, until: float) -> Iterator[list[tuple[float, float]]]:
    """The parts of the strokes that were drawn in a time span, each from the point before it."""
    for x, y, times in strokes:
        inside = [
            i for i, time in enumerate(times) if after < time <= until or (not after and not time)
        ]
        if inside:
            first = max(inside[0] - 1, 0)
            yield [*zip(x[first : inside[-1] + 1], y[first : inside[-1] + 1], strict=True)]


def _guess(replay: Replay, now: float) -> str:
    word = next((word for _, at, _, word in reversed(replay.frames) if at <= now), None)
    return f"{word}?" if word else "…"


def _scaled(*numbers: float) -> tuple[float, ...]:
    return tuple(number * SMOOTH for number in numbers)


def _glyph(letter: str) -> bytes:
    image = Image.new("L", (40 * SMOOTH, 40 * SMOOTH))
    ImageDraw.Draw(image).text((0, 0), letter, 255, _font("sans", 20))
    return image.tobytes()


@cache
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    """A font of the page at `size` pixels of the finished picture."""
    if face == "hand":
        return ImageFont.truetype(FOLDER.parent / "fonts" / "caveat-brush.woff2", size * SMOOTH)
    font = ImageFont.truetype(FOLDER.parent / "fonts" / "nunito.woff2", size * SMOOTH)
    font.set_variation_by_axes([700])
    return font
