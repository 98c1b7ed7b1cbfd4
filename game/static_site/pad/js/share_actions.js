// What one can do with a replay: race it, or save it as a picture, drawn here.

import { button } from "./dom.js";
import { line } from "./gallery.js";
import { RULES } from "./rules.js";
import { t } from "./strings.js";

const [WIDE, HIGH] = [640, 760]; // pixels
const MARGIN = 64;
const SCALE = (WIDE - 2 * MARGIN) / RULES.sheet.pad; // pixels a pad unit
const MARKER = 7; // pad units
const [PAPER, INK] = ["#faf6ec", "#1d1d22"];

/** The buttons for a replay; `page`: as for `Race`. */
export function shareActions(replay, id, { routes }) {
  return [
    button(t("replay.ghost"), () => routes.ghost("replay", id), { symbol: "ghost" }),
    button(t("replay.card"), () => save(replay), { symbol: "picture" }),
  ];
}

async function save(replay) {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(await paint(replay).convertToBlob({ type: "image/png" }));
  anchor.download = `${replay.word}.png`;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href));
}

function paint({ word, strokes }) {
  const canvas = new OffscreenCanvas(WIDE, HIGH);
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, WIDE, HIGH);
  pen.fillStyle = pen.strokeStyle = INK;
  pen.textAlign = "center";
  pen.font = '72px "Caveat Brush"';
  pen.fillText(word, WIDE / 2, HIGH - MARGIN, WIDE - MARGIN);
  pen.translate(MARGIN, MARGIN / 2);
  pen.scale(SCALE, SCALE);
  Object.assign(pen, { lineWidth: MARKER, lineCap: "round", lineJoin: "round" });
  for (const [xs, ys] of strokes) pen.stroke(new Path2D(line(xs, ys)));
  return canvas;
}
