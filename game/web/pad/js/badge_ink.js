// A badge's ink: a tiny doodle as a short text, and back. Twin of `game/rules/badges.py`, which says how it is written.

import { PAD } from "./ink.js";
import { RULES } from "./rules.js";

const { alphabet: ALPHABET, separator: SEPARATOR, maxStrokes: MOST_STROKES, maxPoints: MOST_POINTS } = RULES.badge;
export const LAST = ALPHABET.length - 1; // the grid's last line
const FINEST = 0.4; // grid lines by which a simplified line may be off
const COARSER = 1.25; // the factor by which that grows until the points are few enough
const LARGEST = (4 * LAST) / PAD; // a drawing of a quarter of the pad fills the badge; smaller ones stay small

/** The text of a badge that shows a drawing, `[xs, ys]` for each stroke in any unit near that of the pad. */
export function written(drawing) {
  const strokes = onGrid(longest(drawing.filter(([xs]) => xs.length > 0)));
  let tolerance = FINEST;
  let lines = strokes;
  do {
    lines = strokes.map((points) => simplified(points, tolerance));
    tolerance *= COARSER;
  } while (lines.reduce((sum, points) => sum + points.length, 0) > MOST_POINTS);
  return lines.map((points) => points.map(([x, y]) => ALPHABET[x] + ALPHABET[y]).join("")).join(SEPARATOR);
}

/** The strokes of a badge's text, `[xs, ys]` each, from 0 to `LAST`; none where the text is empty or no badge. */
export function read(text) {
  const strokes = text.split(SEPARATOR).map((part) => [...part].map((character) => ALPHABET.indexOf(character)));
  if (strokes.some((places) => places.length === 0 || places.length % 2 || places.includes(-1))) return [];
  const every = (places, rest) => places.filter((_, index) => index % 2 === rest);
  return strokes.map((places) => [every(places, 0), every(places, 1)]);
}

/** The longest strokes, as many as a badge may have, in the order in which they were drawn. */
function longest(drawing) {
  const most = [...drawing].sort((a, b) => b[0].length - a[0].length).slice(0, MOST_STROKES);
  return drawing.filter((stroke) => most.includes(stroke));
}

/** The points of each stroke on the grid, the drawing as large as fits and in the middle. */
function onGrid(drawing) {
  const xs = drawing.flatMap(([x]) => x);
  const ys = drawing.flatMap(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min(LAST / Math.max(right - left, bottom - top, 1), LARGEST);
  const place = (value, low, high) => Math.round(LAST / 2 + (value - (low + high) / 2) * scale);
  const within = (value) => Math.min(Math.max(value, 0), LAST);
  return drawing.map(([x, y]) =>
    x.map((value, index) => [within(place(value, left, right)), within(place(y[index], top, bottom))]),
  );
}

/** The line with fewer points, off by at most the tolerance: the algorithm of Ramer, Douglas and Peucker. */
function simplified(points, tolerance) {
  const first = points[0];
  const last = points[points.length - 1];
  if (points.length < 3) return points;
  const offs = points.map((point) => distance(point, first, last));
  const worst = offs.indexOf(Math.max(...offs));
  if (offs[worst] <= tolerance) return same(first, last) ? [first] : [first, last];
  const before = simplified(points.slice(0, worst + 1), tolerance);
  return [...before, ...simplified(points.slice(worst), tolerance).slice(1)];
}

/** How far a point is from the line between two others. */
function distance([x, y], [x1, y1], [x2, y2]) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length === 0) return Math.hypot(x - x1, y - y1);
  const along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length ** 2;
  const share = Math.min(Math.max(along, 0), 1);
  return Math.hypot(x - x1 - share * (x2 - x1), y - y1 - share * (y2 - y1));
}

function same([x1, y1], [x2, y2]) {
  return x1 === x2 && y1 === y2;
}
