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
before = list(sys.meta_path)
import game.web.gradio_import
assert sys.meta_path == before
import component
print(component.Own("text").value)
"""


def test_gradio_writes_no_stubs(tmp_path: Path):
    (tmp_path / "component.py").write_text(COMPONENT, "utf-8")
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r}){SCRIPT}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("text\n", 0), done.stderr
    assert list(tmp_path.rglob("*.pyi")) == []
