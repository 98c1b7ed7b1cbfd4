"""A script for pages whose line a test cuts: `cut()` keeps it down, `mend()` lets the page connect.

`tries` counts the connections that it tried to open while the line was down.
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
