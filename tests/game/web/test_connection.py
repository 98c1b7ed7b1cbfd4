"""The page's connection, in Node with a WebSocket that only counts."""

import json
import shutil
import subprocess

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


def test_a_replaced_window_stays_away_when_the_network_is_back_until_it_is_asked():
    node = shutil.which("node")
    assert node, "the tests run JavaScript in Node: install nodejs (20 or newer)"
    module = (FOLDER / "js" / "connection.js").as_uri()
    command = [node, "--input-type=module", "--eval", REPLACED, module]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [2, 2, 3]
