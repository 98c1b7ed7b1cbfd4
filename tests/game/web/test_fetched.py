"""A link whose server does not answer is not called dead, in Node."""

import re
import shutil
import subprocess

import pytest

from game.web import pad
from tests.game.web import node

KINDS = ["replay", "challenge"]
AGAIN = """
let loads = 0;
globalThis.location = { reload: () => (loads += 1) };
const followed = new Function(process.argv[1])();
console.log(loads, followed);
"""


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_gone_is_told_so_and_the_address_asks_no_more(kind: str):
    assert node.play("fetched.js", [(kind, [404])]) == [[["problems.unknown"], [], ""]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [429, 503, None])
def test_where_nobody_knows_one_can_ask_again(kind: str, status: int | None):
    failed, later = node.play("fetched.js", [(kind, [status]), (kind, [status, status, 200])])
    address = f"?{kind}=abc"
    assert failed == [["problems.no_answer"], [], address]
    assert later == [["problems.no_answer"] * 2, [kind], address]


def test_try_again_loads_the_same_address_whatever_the_base():
    link = re.search(r'<a href="" onclick="([^"]+)">Try again</a>', pad.markup())
    assert link
    program = shutil.which("node")
    assert program, "the tests run JavaScript in Node: install nodejs (20 or newer)"
    command = [program, "--eval", AGAIN, link[1]]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "false"]
