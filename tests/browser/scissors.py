"""A script that lets a test cut a page's connection with `cut()`, and allow it with `mend()`."""

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
