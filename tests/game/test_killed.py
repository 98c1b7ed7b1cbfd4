"""A server killed with SIGKILL during races loses no result that players saw as stored."""

import subprocess
import sys
from pathlib import Path

from game.messages import ChallengeInfo, Replay
from game.records import open_records
from tests.game.fakes import CountsBars

KILLS = 50
PATIENCE = 1_500.0  # seconds: half a minute on a machine of one's own


async def test_what_players_were_told_outlives_the_server(tmp_path: Path):
    command = [sys.executable, "-m", "tests.game.killing", str(tmp_path), str(KILLS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    ids = done.stdout.split()
    assert len(ids) >= KILLS
    records = open_records(f"sqlite:///{tmp_path}/records.sqlite3", CountsBars(), "bars")
    found = [await records.replay(id) or await records.challenge_info(id) for id in ids]
    records.close()
    lost = [id for id, kept in zip(ids, found, strict=True) if kept is None]
    assert lost == []
    assert {type(kept) for kept in found} == {Replay, ChallengeInfo}
