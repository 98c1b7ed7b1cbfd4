"""A server killed with SIGKILL in the middle of games loses no result that players saw as stored.

`python -m benchmarks.killed_servers` kills 100.
"""

import json
import subprocess
import sys
from pathlib import Path

KILLS = ("well=15", "locked=3", "slow=3", "full=3", "away=3")
PATIENCE = 1_500.0  # seconds: half a minute on a machine of one's own


def test_what_players_were_told_outlives_the_server(tmp_path: Path):
    command = [sys.executable, "-m", "tests.game.killing", str(tmp_path), "1", *KILLS]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [f"{each['kind']}={each['kills']}" for each in found] == [*KILLS]
    for each in found:
        assert (each["lost"], each["twice"]) == (0, 0), each
        assert each["rounds"], each
        assert each["late"] or each["kind"] == "well", each
    modes = {mode for each in found for mode in each["modes"]}
    assert modes == {"room", "daily", "sprint", "quick_six"}
