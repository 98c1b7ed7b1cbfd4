"""docs/training.md: every command and Python example runs in a fresh clone, or stands in a list."""

from pathlib import Path

from models.words import CLASSIC
from tests.docs import pages, prepared

PAGE = "docs/training.md"
INTERNET = "installs packages from the internet"
NOT_RUN = {
    "pip install --index-url https://download.pytorch.org/whl/cpu torch torchvision": INTERNET,
    'pip install -e ".[train]"': INTERNET,
    "pip install tensorboard": INTERNET,
    "pip install timm": INTERNET,
    'pip install -e ".[train,scale]"': INTERNET,
    "python -m training.remake": "trains for hours from files that are not in the repository; "
    "tests/training/test_remake.py makes a small model again",
    "ray start --head": "leaves a cluster running",
    "python -m training.compare --suite freezing --out results/mine/freezing --engine ray "
    "--address HEAD:6379 --gpus-per-run 0.25": "needs a cluster with GPUs; "
    "tests/training/engines/test_ray_engine.py starts one",
}


def test_each_command_runs_in_a_fresh_clone(clone: Path, bucket: str):
    prepared.data(clone)
    prepared.collection(clone / "friends", CLASSIC)
    prepared.collection(clone / "others" / "students", CLASSIC)
    texts = [text for language, text in pages.blocks(PAGE) if language == "python"]
    (clone / "mine.py").write_text(texts[0], "utf-8")
    with pages.Reader(clone, bucket=bucket) as reader:
        reader.python("-c", prepared.RESNET18)
        prepared.weights(reader)
        for name in ("first", "second"):
            prepared.run(reader, name)
        reader.follow(PAGE, NOT_RUN)
    assert (clone / "freezing.csv").stat().st_size > 1000


def test_what_is_not_run_stands_in_the_page():
    assert set(NOT_RUN) - set(pages.lines(PAGE)) == set()
