"""A report that cannot be sent does not look like one that was, in Node."""

import json
import shutil
import subprocess
from typing import Any

from game.web.pad import FOLDER

PRESSED = """
const flag = Object.assign(new EventTarget(), {
  classList: { add() {} },
  append() {},
  setAttribute() {},
  removed: false,
  remove: () => (flag.removed = true),
});
globalThis.document = { createElement: () => flag, createElementNS: () => flag };
const { reporter } = await import(process.argv[1]);
const said = [];
const sent = [];
const connection = { open: false, send: ({ replay }) => connection.open && sent.push(replay) > 0 };
reporter("abc", { connection, notes: { pass: () => said.push("failed") } });
const press = () => flag.dispatchEvent(new Event("click"));
press();
press();
const down = { removed: flag.removed, said: said.length, sent: [...sent] };
connection.open = true;
press();
console.log(JSON.stringify([down, { removed: flag.removed, said: said.length, sent }]));
"""


def pressed() -> Any:
    """How a flag stands that was pressed while the line was down, and once more when it was up."""
    node = shutil.which("node")
    assert node, "the tests run JavaScript in Node: install nodejs (20 or newer)"
    module = (FOLDER / "js" / "report.js").as_uri()
    command = [node, "--input-type=module", "--eval", PRESSED, module]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_a_report_that_cannot_be_sent_keeps_its_flag_and_is_sent_by_the_next_press():
    down, up = pressed()
    assert down == {"removed": False, "said": 1, "sent": []}
    assert up == {"removed": True, "said": 1, "sent": ["abc"]}
