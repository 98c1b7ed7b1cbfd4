"""The benchmark of a room for a class, with few bots."""

import json
from pathlib import Path

from benchmarks import class_room
from tests import made


def test_a_room_for_a_class_races_and_the_watcher_hears_its_ink(tmp_path: Path):
    made.publish(tmp_path, "small")
    out = tmp_path / "class_room.json"
    options = class_room.Options(
        seats=(9,), seconds=12, round_seconds=10, model="small", shelf=tmp_path, out=out
    )
    class_room.main(options)
    result = json.loads(out.read_text("utf-8"))
    found = result["seats_9"]
    assert (found["players"], found["wrong"]) == (9, 0)
    assert found["ink_to_guess"]["n"] > 0
    assert 0 < found["watcher"]["of_which_ink"] < found["watcher"]["messages_per_second"]
    assert found["memory_mib"] > 0
