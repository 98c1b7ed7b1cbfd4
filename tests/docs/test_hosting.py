"""docs/hosting.md and docs/privacy.md: every command runs in a fresh clone, or stands in a list."""

from pathlib import Path

from tests.docs import pages
from tests.servers import postgres

NO_ENGINE = "there is no container engine; tests/hosting/test_compose.py checks compose.yaml"
NOT_RUN = {
    "docker build --tag doodle-race .": "there is no container engine; "
    "tests/hosting/test_container.py runs the Dockerfile's commands",
    "docker run -p 7860:7860 -v doodle-race:/data doodle-race": "there is no container engine",
    'echo "POSTGRES_PASSWORD=$(openssl rand -hex 24)" > .env': NO_ENGINE,
    "docker compose up --build": NO_ENGINE,
    'pip install -e ".[scale]"': "installs packages from the internet",
    "export REDIS_URL=redis://cache:6379 "
    "DATABASE_URL=postgresql+psycopg://doodle:PASSWORD@database/doodle": "names other machines; "
    "tests/game/replicas runs servers with Redis and PostgreSQL",
}


def test_each_command_runs_in_a_fresh_clone(clone: Path, tmp_path: Path):
    """onnxruntime-web comes from the npm registry, or from the cache of an earlier run."""
    nobody = {"HF_HOME": str(tmp_path), "HF_TOKEN": ""}  # who is not logged in to the Hub
    with pages.Reader(clone, nobody) as reader:
        reader.follow("docs/hosting.md", NOT_RUN)
    assert (clone / "site" / "index.html").is_file()


def test_a_database_is_backed_up_and_restored_as_the_page_says(clone: Path):
    with postgres() as server:
        address = {"PGDATABASE": server.url.replace("+psycopg", "")}
        with pages.Reader(clone, address) as reader:
            reader.follow("docs/privacy.md")
    assert (clone / "doodle.dump").stat().st_size > 0


def test_what_is_not_run_stands_in_the_page():
    assert set(NOT_RUN) - set(pages.lines("docs/hosting.md")) == set()
