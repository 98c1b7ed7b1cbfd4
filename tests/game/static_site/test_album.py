"""The drawings that a browser keeps, with two tabs open, in Node."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

STORAGE = """
const stored = new Map(Object.entries(JSON.parse(process.argv[2])));
globalThis.localStorage = {
  getItem: (key) => stored.get(key) ?? null,
  setItem: (key, value) => stored.set(key, value),
};
const album = () => JSON.parse(stored.get("doodle-race-album"));
"""
TABS = """
const tab = async (name) => (await import(`${process.argv[1]}?tab=${name}`)).album;
const [first, second] = [await tab("first"), await tab("second")];
const replay = (word) => ({ word, outcome: "guessed", milliseconds: 1, best: 1, strokes: [] });
const words = () => Object.values(album()).map(({ word }) => word);
for (const word of ["cat", "sun"]) first.keep(replay(word));
const id = second.keep(replay("car"));
const bests = first.bests(["cat", "sun", "car"]);
const both = { words: words(), found: first.find(id)?.word, bests };
stored.clear();
const gone = { found: second.find(id), bests: second.bests(["car"]) };
second.keep(replay("tree"));
console.log(JSON.stringify({ both, gone, after: words() }));
"""

EARLIER = """
const { album: kept } = await import(process.argv[1]);
const found = kept.find("earlier");
kept.keep({ word: "sun", frames: [] });
console.log(JSON.stringify({ found, after: Object.values(album()) }));
"""


def play(page_folder: Path, stored: dict[str, str], script: str = TABS) -> Any:
    node = shutil.which("node")
    assert node, "the tests run JavaScript in Node: install nodejs (20 or newer)"
    module = (page_folder / "js" / "local" / "album.js").as_uri()
    command = [node, "--input-type=module", "--eval", STORAGE + script, module, json.dumps(stored)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_two_tabs_keep_their_drawings_in_one_album_and_deleted_ones_stay_deleted(
    page_folder: Path,
):
    said = play(page_folder, {})
    assert said["both"] == {"words": ["cat", "sun", "car"], "found": "car", "bests": 3}
    assert said["gone"] == {"found": None, "bests": 0}
    assert said["after"] == ["tree"]


@pytest.mark.parametrize("value", ["{", "null", "7", '{"a": null}'])
def test_what_cannot_be_read_stops_nothing(page_folder: Path, value: str):
    assert play(page_folder, {"doodle-race-album": value})["after"] == ["tree"]


def test_a_drawing_that_an_earlier_version_kept_is_found(page_folder: Path):
    frames = [[1, 400.0, 0.25, "cat"]]
    stored = json.dumps({"earlier": {"word": "cat", "looks": frames}})
    said = play(page_folder, {"doodle-race-album": stored}, EARLIER)
    renewed = {"word": "cat", "frames": frames}
    assert said == {"found": renewed, "after": [renewed, {"word": "sun", "frames": []}]}
