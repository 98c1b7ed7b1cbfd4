"""Ink is painted anew in the page's colour whenever it changes or was lost, in Node."""

import json
import shutil
import subprocess
from typing import Any

import pytest

from game.web.pad import FOLDER

PAINTED = """
let colour = "black";
let painted = [];
const observed = [];
function sheet() {
  const canvas = Object.assign(new EventTarget(), { clientWidth: 256, after() {} });
  const context = { canvas, stroke: () => painted.push(context.strokeStyle) };
  const others = ["lineTo", "moveTo", "quadraticCurveTo", "beginPath", "clearRect"];
  for (const name of others) context[name] = () => {};
  canvas.getContext = () => context;
  return canvas;
}
const [canvas, wet] = [sheet(), sheet()];
const [documentElement, body] = [{}, {}];
Object.assign(globalThis, {
  window: new EventTarget(),
  visualViewport: null,
  devicePixelRatio: 1,
  getComputedStyle: () => ({ color: colour }),
  ResizeObserver: class {
    observe() {}
  },
  MutationObserver: class {
    constructor(act) {
      this.act = act;
    }
    observe(element) {
      observed.push([element, this.act]);
    }
  },
});
const elements = { documentElement, body, createElement: () => wet };
globalThis.document = Object.assign(new EventTarget(), elements);
const { Brush } = await import(process.argv[1]);
const { Ink } = await import(process.argv[1].replace("brush", "ink"));
const ink = new Ink();
new Brush(canvas, ink);
ink.replace([[[10, 20], [10, 20], [0, 9]]]);
const changed = (element) => observed.forEach(([each, act]) => each === element && act());
const CHANGES = {
  system: () => changed(documentElement),
  gradio: () => changed(body),
  restored: () => canvas.dispatchEvent(new Event("contextrestored")),
};
painted = [];
colour = "white";
CHANGES[process.argv[2]]();
console.log(JSON.stringify(painted));
"""


def painted(change: str) -> Any:
    """The colours in which a stroke is painted after a change."""
    node = shutil.which("node")
    assert node, "the tests run JavaScript in Node: install nodejs (20 or newer)"
    module = (FOLDER / "js" / "brush.js").as_uri()
    command = [node, "--input-type=module", "--eval", PAINTED, module, change]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("change", ["system", "gradio", "restored"])
def test_ink_is_painted_anew(change: str):
    assert painted(change) == ["white"]
