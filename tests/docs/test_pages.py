"""All pages with commands are followed by a test, and what shortens commands is in use."""

from pathlib import Path

from tests.docs import pages
from tests.test_docs import PAGES

HERE = Path(__file__).parent
NAMES = [page.relative_to(pages.ROOT).as_posix() for page in PAGES]
NOT_FOLLOWED = {"CONTRIBUTING.md"}  # its commands run all tests, and so this one


def test_every_page_with_commands_is_followed():
    written = {
        name
        for name in NAMES
        if any(language in ("sh", "python") for language, _ in pages.blocks(name))
    }
    tests = "".join(path.read_text("utf-8") for path in HERE.glob("test_*.py"))
    assert {name for name in written if f'"{name}"' not in tests} == set()
    assert written >= NOT_FOLLOWED


def test_what_is_shortened_stands_in_a_page():
    lines = [line for name in NAMES for line in pages.lines(name)]
    unused = [
        start
        for start in pages.MORE
        if not any(line.startswith(f"python -m {start}") for line in lines)
    ]
    text = "".join(text for name in NAMES for _, text in pages.blocks(name))
    assert unused + [part for part in pages.SHORTER if part not in text] == []
