"""The page's connection, in Node with a WebSocket that only counts."""

import json
import shutil
import subprocess
from typing import Any

from game.web.pad import FOLDER

REPLACED = """
const heard = {};
const sockets = [];
Object.assign(globalThis, {
  addEventListener: (type, act) => (heard[type] = act),
  document: { addEventListener() {}, baseURI: "http://game/" },
  location: new URL("http://game/"),
  localStorage: { getItem: () => null, setItem() {} },
  sessionStorage: { getItem: () => null, setItem() {} },
  setInterval() {},
});
globalThis.WebSocket = class {
  static OPEN = 1;
  static CONNECTING = 0;
  readyState = WebSocket.OPEN;
  constructor() {
    sockets.push(this);
  }
  send() {}
  lose() {
    this.readyState = 3;
    this.onclose();
  }
};
const { Connection } = await import(process.argv[1]);
const connection = new Connection();
const made = [];
const online = () => made.push((heard.online(), sockets.length));
connection.connect();
sockets.at(-1).lose();
online();
const said = { type: "problem", code: "replaced", fatal: true };
sockets.at(-1).onmessage({ data: JSON.stringify(said) });
sockets.at(-1).lose();
online();
connection.connect();
made.push(sockets.length);
console.log(JSON.stringify(made));
process.exit();
"""

NAMED = """
const stored = new Map([["doodle-race-name", "Ada"]]);
let sent = [];
let socket;
Object.assign(globalThis, {
  addEventListener() {},
  document: { addEventListener() {}, baseURI: "http://game/" },
  location: new URL("http://game/"),
  localStorage: {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => stored.set(key, value),
  },
  setInterval() {},
});
globalThis.WebSocket = class {
  static OPEN = 1;
  static CONNECTING = 0;
  readyState = 0;
  constructor() {
    socket = this;
  }
  send(text) {
    const { type, token, key, mode, badge, ...rest } = JSON.parse(text);
    sent.push([type, rest]);
  }
};
const { Connection } = await import(process.argv[1]);
const { SoloView } = await import(process.argv[1].replace("connection", "solo_view"));
const said = [];
const connection = new Connection();
const page = { ink: new EventTarget(), roundView: { greet() {} }, root: { dataset: {} } };
const game = new SoloView({ connection, ...page });
function open() {
  socket.readyState = WebSocket.OPEN;
  socket.onopen();
}
function welcome() {
  const message = { type: "welcome", token: "t", key: "k", resumed: true };
  socket.onmessage({ data: JSON.stringify(message) });
  said.push(sent);
  sent = [];
}
connection.connect();
game.start("sprint");
open();
welcome();
socket.readyState = 3;
socket.onclose();
connection.send({ type: "profile", name: "Bea" });
connection.send({ type: "profile", colour: 3 });
connection.connect();
open();
connection.send({ type: "profile", name: "Cleo" });
welcome();
console.log(JSON.stringify(said));
process.exit();
"""


def run(script: str) -> Any:
    node = shutil.which("node")
    assert node, "the tests run JavaScript in Node: install nodejs (20 or newer)"
    module = (FOLDER / "js" / "connection.js").as_uri()
    command = [node, "--input-type=module", "--eval", script, module]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_a_replaced_window_stays_away_when_the_network_is_back_until_it_is_asked():
    assert run(REPLACED) == [2, 2, 3]


def test_a_name_chosen_while_the_line_is_down_is_told_before_what_was_wished_for():
    first, second = run(NAMED)
    assert first == [["hello", {}], ["profile", {"name": "Ada", "colour": None}], ["start", {}]]
    assert second == [["hello", {}], ["profile", {"name": "Cleo", "colour": 3}]]
