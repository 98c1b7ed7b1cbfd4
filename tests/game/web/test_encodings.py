"""Encodings: gzip is sent only to clients that take it."""

import pytest
from starlette.datastructures import Headers

from game.web.encodings import takes_gzip


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        ("gzip, deflate, br", True),
        ("GZIP;q=0.5", True),
        ("br;q=1, gzip;q=0.001", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("identity, gzip; q=0.000", False),
        ("gzip;q=0, *", False),
        ("*;q=0", False),
        ("notgzip", False),
    ],
)
def test_gzip_is_for_those_who_take_it(text: str, takes: bool):
    assert takes_gzip(Headers({"accept-encoding": text})) is takes


def test_who_names_no_encoding_gets_none():
    assert not takes_gzip(Headers())
