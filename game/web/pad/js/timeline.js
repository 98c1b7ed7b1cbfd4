// How sure the AI was, over the time of a round: a small curve, with a tick for each stroke.

import { certainty } from "./certainty.js";
import { draw } from "./dom.js";
import { t } from "./strings.js";

export const WIDE = 240;
export const HIGH = 60;
const FOOT = 8; // of the ticks below the curve

/**
 * The curve of judged frames over `length` ms.
 * `strokes` are those of the drawing, `goal` is the probability that wins.
 */
export function timeline({ frames, strokes, length, goal, word }) {
  const x = (ms) => (Math.min(ms / length, 1) * WIDE).toFixed(1);
  const y = (share) => ((1 - certainty(share, goal)) * (HIGH - FOOT - 3) + 3).toFixed(1);
  const points = frames.map(([, ms, share]) => `L${x(ms)} ${y(share)}`).join("");
  const end = x(frames.at(-1)?.[1] ?? 0);
  const curve = `M0 ${y(0)}${points}`;
  const starts = strokes.map(([, , times]) => `M${x(times[0])} ${HIGH - FOOT + 1}v${FOOT - 2}`).join("");
  const tip = tipping(strokes, frames, goal);
  return draw(
    "svg",
    {
      class: "timeline",
      viewBox: `0 0 ${WIDE} ${HIGH}`,
      role: "img",
      "aria-label": caption(word, tip, frames),
      preserveAspectRatio: "none",
    },
    draw("path", { class: "area", d: `${curve}L${end} ${y(0)}z` }),
    draw("path", { class: "goal", d: `M0 ${y(goal)}H${WIDE}` }),
    draw("path", { class: "curve", d: curve }),
    draw("path", { class: "ticks", d: starts || "M0 0" }),
  );
}

/** The number, from 1, of the stroke that was being drawn when the AI became sure; null if it never did. */
export function tipping(strokes, frames, goal) {
  const sure = frames.find(([, , share]) => share >= goal);
  if (!sure) return null;
  return strokes.filter(([, , times]) => times[0] <= sure[1]).length || null;
}

function caption(word, tip, frames) {
  const best = Math.max(0, ...frames.map(([, , share]) => share));
  return tip
    ? t("timeline.tipped", { stroke: tip, word })
    : t("timeline.best", { percent: Math.round(best * 100), word });
}
