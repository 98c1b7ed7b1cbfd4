"""A script that lets a test cut the connections of a page by `cut()`, and allow them by `mend()`.

`tries` counts the connections that the page tried to open meanwhile.
"""

SCISSORS = """
let down = false;
window.tries = 0;
const sockets = [];
window.cut = () => { down = true; sockets.forEach((socket) => socket.close()); };
window.mend = () => { down = false; };
window.WebSocket = class extends WebSocket {
  constructor(url) {
    super(down ? String(url).replace("/race", "/nowhere") : url);
    window.tries += Number(down);
    sockets.push(this);
  }
};
"""
