"""Gradio is imported without writing stubs, and works."""

import subprocess
import sys
from pathlib import Path

COMPONENT = """
import gradio as gr

class Own(gr.HTML):
    pass
"""
SCRIPT = """
import sys
from game.web.gradio_import import without_stubs

before = list(sys.meta_path)
with without_stubs():
    import component
assert sys.meta_path == before
import later
print(component.Own("text").value, later.Own("more").value)
"""


def test_gradio_writes_no_stubs_then_or_later(tmp_path: Path):
    for name in ("component", "later"):
        (tmp_path / f"{name}.py").write_text(COMPONENT, "utf-8")
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r}){SCRIPT}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("text more\n", 0), done.stderr
    assert list(tmp_path.rglob("*.pyi")) == []
