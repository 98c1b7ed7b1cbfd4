// Strokes to the 28×28 bitmap that the model takes. Twin of `models/raster.py`.
//
// The drawing's larger side spans 255 of the 304 units that become 28 pixels; a line is 16 units wide
// with round ends. A pixel takes the line that covers it most.

import { RULES } from "./rules.js";

const { extent: EXTENT, line: LINE, scale: SCALE, smallest: SMALLEST } = RULES.raster;
export const SIDE = RULES.raster.side;
const REACH = (LINE * SCALE) / 2 + 0.5; // pixels from a line's middle to where its ink ends

/** The bitmap, 784 bytes row by row with white (255) ink, of strokes `[[x...], [y...]]`. */
export function rasterise(strokes) {
  const ink = new Float32Array(SIDE * SIDE);
  const place = placing(strokes);
  for (const [xs, ys] of strokes) {
    const points = xs.map((x, i) => place(Math.fround(x), Math.fround(ys[i])));
    if (points.length === 1) paint(ink, points[0], points[0]);
    for (let i = 1; i < points.length; i += 1) paint(ink, points[i - 1], points[i]);
  }
  return Uint8Array.from(ink, (share) => Math.round(share * 255));
}

/** From pad units to pixels: the bounding box's middle goes to the bitmap's. */
function placing(strokes) {
  const [left, right] = range(strokes.map(([xs]) => xs));
  const [top, bottom] = range(strokes.map(([, ys]) => ys));
  const scale = (SCALE * EXTENT) / Math.max(right - left, bottom - top, SMALLEST);
  const [x0, y0] = [(left + right) / 2, (top + bottom) / 2];
  return (x, y) => [(x - x0) * scale + SIDE / 2, (y - y0) * scale + SIDE / 2];
}

function range(columns) {
  let [low, high] = [Infinity, -Infinity];
  for (const column of columns)
    for (const value of column) {
      low = Math.min(low, Math.fround(value));
      high = Math.max(high, Math.fround(value));
    }
  return [low, high];
}

/** Light the pixels around the line from a to b by their middles' distance from it. */
function paint(ink, [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const square = Math.max(dx * dx + dy * dy, 1e-12);
  const [left, right] = reached(ax, bx);
  const [top, bottom] = reached(ay, by);
  for (let row = top; row <= bottom; row += 1)
    for (let column = left; column <= right; column += 1) {
      const [x, y] = [column + 0.5 - ax, row + 0.5 - ay];
      const t = Math.min(Math.max((x * dx + y * dy) / square, 0), 1);
      const share = Math.min(REACH - Math.hypot(x - t * dx, y - t * dy), 1);
      const pixel = row * SIDE + column;
      if (share > ink[pixel]) ink[pixel] = share;
    }
}

/** First and last pixel whose middle may be reached from between a and b. */
function reached(a, b) {
  return [Math.ceil(Math.min(a, b) - REACH - 0.5), Math.floor(Math.max(a, b) + REACH - 0.5)];
}
