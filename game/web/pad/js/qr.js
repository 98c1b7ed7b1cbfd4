// A link as a QR code: dark modules on paper, in both colour schemes, as cameras expect.

import { draw } from "./dom.js";
import { generate } from "./vendor/lean-qr.js";

const QUIET = 3; // modules of paper around the code

export function qr(text, label) {
  const code = generate(text);
  const side = code.size + 2 * QUIET;
  const box = `${-QUIET} ${-QUIET} ${side} ${side}`;
  const modules = draw("path", { d: path(code) });
  return draw("svg", { viewBox: box, role: "img", "aria-label": label, class: "code" }, modules);
}

function path(code) {
  let runs = "";
  for (let y = 0; y < code.size; y += 1)
    for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) runs += `M${x} ${y}h1v1h-1z`;
  return runs;
}
