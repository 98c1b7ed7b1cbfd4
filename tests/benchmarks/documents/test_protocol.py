"""The reference of the protocol: every message is described, every field has its type."""

import re
from typing import get_args

from benchmarks.documents import protocol
from game import messages

TEXT = protocol.text()


def test_every_message_and_part_has_a_description():
    headings = re.findall(r"^### .*\n\n(.)", TEXT, re.M)
    assert len(headings) > 50
    assert [first for first in headings if not first.isupper()] == []


def test_every_code_of_a_problem_has_a_meaning():
    assert list(protocol.PROBLEMS) == list(get_args(messages.Code))


def test_fields_show_their_types_and_limits():
    assert "- `points` (list of [x, y, ms]; length at least 1; length at most 1,000)" in TEXT
    assert "- `badge` (text or null; length at most 2,000; default `null`): the player" in TEXT
    assert "- `results` (list of [RoundResult](#roundresult))" in TEXT
    assert "- `strokes` (list of [[x, ...], [y, ...], [ms, ...]])" in TEXT
    assert "- `seconds` (integer; at least 10; at most 60; default `20`): length" in TEXT
    assert "- `points` (object of integer to number)" in TEXT


def test_every_link_to_a_part_leads_to_one():
    parts = {name.lower() for name in re.findall(r"^### `(\w+)`", TEXT, re.M)}
    assert set(re.findall(r"\]\(#(\w+)\)", TEXT)) - parts == set()
