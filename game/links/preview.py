"""The preview of each kind of link: `/`, `?room=`, `?watch=`, `?challenge=`, `?replay=`, `?daily`.

Crawlers run no JavaScript, so the tags must be in the page as it is served (https://ogp.me).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Protocol
from urllib.parse import quote

from game.messages import ChallengeInfo, DailyInfo, Replay
from game.records.share_pictures import CARD
from game.rooms.codes import ALPHABET, LENGTH, tidied
from game.web import TITLE as SITE
from game.web.pitch import PITCH

PICTURE = "preview.png"  # for every link that has no picture of its own
PICTURE_TEXT = "A hand-drawn doodle on a sheet of paper, and the AI's guess beside it"


class Lookup(Protocol):
    """Looks up the results that links lead to; implemented by `game.records.records.Records`."""

    async def replay(self, id: str) -> Replay | None: ...

    async def challenge_info(self, id: str) -> ChallengeInfo | None: ...

    async def daily_info(self, key: str | None) -> DailyInfo: ...


@dataclass(frozen=True)
class Preview:
    """The preview of a link.

    Attributes:
        link: the link's query, such as `?room=ABCDEF`; "" for the start page.
        picture: address of an image of 1200 x 630 pixels, relative to the page.
        picture_text: description of the image, for people who cannot see it.
    """

    title: str = SITE
    text: str = PITCH
    link: str = ""
    picture: str = PICTURE
    picture_text: str = PICTURE_TEXT

    def tags(self, base: str | None) -> str:
        """The tags for the page's head; `base` is the page's address, None if it is unknown."""
        width, height = map(str, CARD)
        graph = {
            "og:type": "website",
            "og:site_name": SITE,
            "og:title": self.title,
            "og:description": self.text,
            "og:url": None if base is None else base + self.link,
            "og:image": (base or "") + self.picture,
            "og:image:type": "image/png",
            "og:image:width": width,
            "og:image:height": height,
            "og:image:alt": self.picture_text,
        }
        named = {
            "description": self.text,
            "twitter:card": "summary_large_image",
            "twitter:title": self.title,
            "twitter:description": self.text,
            "twitter:image": graph["og:image"],
            "twitter:image:alt": self.picture_text,
        }
        lines = [
            f'<meta property="{name}" content="{escape(t)}">' for name, t in graph.items() if t
        ]
        lines += [f'<meta name="{name}" content="{escape(t)}">' for name, t in named.items() if t]
        return "\n".join([f"<title>{escape(self.title)}</title>", *lines])


HOME = Preview()


async def preview_of(query: Mapping[str, str], records: Lookup | None) -> Preview:
    """The preview of a link; that of the start page when the link leads to nothing.

    If the query has several kinds of links, the first one counts, as in `game/web/pad/js/links.js`.
    """
    for kind in ("room", "watch"):
        if kind in query:
            return _room(kind, tidied(query[kind]))
    if records is None:
        return HOME
    if "challenge" in query:
        return _challenge(await records.challenge_info(query["challenge"]))
    if "replay" in query:
        return _replay(query["replay"], await records.replay(query["replay"]))
    if "daily" in query:
        return _daily(await records.daily_info(None))
    return HOME


def _room(kind: str, code: str) -> Preview:
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        return HOME
    if kind == "watch":
        title, text = f"Watch room {code}", "See who the AI understands first, stroke by stroke."
    else:
        title = f"Race me in room {code}"
        text = "Everyone draws the same word. The first one the AI understands wins the round."
    return Preview(f"{title} · {SITE}", text, f"?{kind}={code}")


def _challenge(info: ChallengeInfo | None) -> Preview:
    if info is None:
        return HOME
    words = "1 word" if info.words == 1 else f"{info.words} words"
    title = f"{info.name or 'Somebody'} challenges you: {words}"
    text = (
        f"{info.points:g} points in {info.milliseconds / 1000:.1f} s of drawing. "
        "Draw the same words against the recording, and an AI guesses."
    )
    picture = f"challenges/{quote(info.id)}/card.png"
    return Preview(
        f"{title} · {SITE}", text, f"?challenge={quote(info.id)}", picture, f"Card: {title}"
    )


def _replay(id: str, replay: Replay | None) -> Preview:
    if replay is None:
        return HOME
    seconds = f"{replay.milliseconds / 1000:.1f} s"
    if replay.outcome == "guessed":
        title, text = f"{replay.word}, guessed in {seconds}", "See it drawn, stroke by stroke."
    else:
        title = f"{replay.word}: would you have guessed it?"
        text = f"The AI was {replay.best:.0%} sure. See it drawn, stroke by stroke."
    alt = f"A drawing of the word {replay.word}"
    picture = f"replays/{quote(id)}/card.png"
    return Preview(f"{title} · {SITE}", text, f"?replay={quote(id)}", picture, alt)


def _daily(info: DailyInfo) -> Preview:
    text = f"{info.words} words, the same for everyone today. You have one try, and an AI guesses."
    return Preview(f"The daily of {info.date} · {SITE}", text, "?daily")
