"""Addresses and paths of options: odd forms are made plain, and what is none is refused."""

import pytest

from game.operations.addresses import path_prefix
from models.command import UserError


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("", ""),
        ("/", ""),
        ("doodle", "/doodle"),
        ("/doodle/", "/doodle"),
        ("//doodle/race//", "/doodle/race"),
    ],
)
def test_a_prefix_has_one_slash_before_it_and_none_after_it(text: str, prefix: str):
    assert path_prefix(text) == prefix


@pytest.mark.parametrize("text", ["https://example.org/doodle", "/a?b", "/a#b", "/a b", '/"a', " "])
def test_what_is_no_path_is_refused(text: str):
    with pytest.raises(UserError, match=r"--root-path is .*Expected a path alone"):
        path_prefix(text)
