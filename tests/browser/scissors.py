"""A script for pages whose line a test cuts: `cut()` keeps it down, `mend()` lets the page call."""

SCISSORS = """
let down = false;
const sockets = [];
window.cut = () => { down = true; sockets.forEach((socket) => socket.close()); };
window.mend = () => { down = false; };
window.WebSocket = class extends WebSocket {
  constructor(url) {
    super(down ? String(url).replace("/race", "/nowhere") : url);
    sockets.push(this);
  }
};
"""
