// The last page: the score, and every drawing with its time and what the guesser thought of it.

import { button, draw, make } from "./dom.js";
import { isOpen } from "./modes.js";
import { RULES } from "./rules.js";
import { noun, t } from "./strings.js";

/** Of an SVG in pad units. */
export const VIEW_BOX = `0 0 ${RULES.sheet.pad} ${RULES.sheet.pad}`;

const SHOWN_THOUGHTS = 3;

/**
 * Fill the last page from the final `state`.
 * `kept` are the rounds' replays by number, `hidden` the rounds reported, `watch` shows a replay, `challenge` is
 * there once it can be given away.
 */
export function show(
  { score, summary, gallery, challengeButton },
  { mode, rounds, points, results },
  { kept, hidden, challenge, watch },
) {
  const guessed = results.filter((result) => result.outcome === "guessed");
  score.querySelector(".number").textContent = t("number", { number: points });
  score.querySelector(".unit").textContent = t("overPoints", { count: points });
  summary.textContent = lines(mode, rounds, guessed).join(" ");
  challengeButton.hidden = challenge === null;
  challengeButton.dataset.challenge = challenge ?? "";
  const shown = results.map((result, index) =>
    hidden.has(index + 1) ? null : own(result, kept.get(index + 1), watch),
  );
  gallery.replaceChildren(...shown.filter((item) => item !== null));
}

/**
 * The SVG of strokes in pad units, in the colour of the text around it; what was drawn after `moment`, in ms of the
 * round, is paler.
 */
export function picture(strokes, label, moment = Number.POSITIVE_INFINITY) {
  const lines = strokes.flatMap(([x, y, ms]) => {
    const count = ms.filter((at) => at <= moment).length;
    const from = Math.max(count - 1, 0); // a line that was being drawn goes on from its last point
    const guessed = count ? [draw("path", { d: line(x.slice(0, count), y.slice(0, count)) })] : [];
    const after = count < x.length ? [draw("path", { class: "after", d: line(x.slice(from), y.slice(from)) })] : [];
    return [...after, ...guessed];
  });
  return draw("svg", { class: "picture", viewBox: VIEW_BOX, role: "img", "aria-label": label }, ...lines);
}

/** When a drawing was guessed, in ms of the round; infinity when it was not. */
export function momentOf({ outcome, frame, frames = [], milliseconds }) {
  if (outcome !== "guessed") return Number.POSITIVE_INFINITY;
  return frames.find(([number]) => number === frame)?.[1] ?? milliseconds;
}

/**
 * A drawing on a card: `tag` says when it was guessed, `replay` is its id, null when there is none.
 * @param {any} drawing a result, with `by` where it is somebody else's
 */
export function card(drawing, replay, watch, more = null) {
  const { word, outcome, milliseconds, strokes, by = null } = drawing;
  const moment = by ? momentOf(drawing) : Number.POSITIVE_INFINITY;
  const tag = t(`tags.${outcome}`, { time: t("seconds", { milliseconds }) });
  const label = by ? t("drawingBy", { word, name: by.name }) : t("drawingOf", { word });
  const look =
    replay &&
    button("", () => watch(replay), { symbol: "play", className: "look", label: t("replay.watch", { word }) });
  return make(
    "li",
    outcome,
    picture(strokes, label, moment),
    make("span", "name", noun(word)),
    make("span", "tag", tag),
    more,
    look || null,
  );
}

/** The path through points. A dot is a very short line: canvas drops lines of no length. */
export function line(x, y) {
  const points = x.map((value, index) => `${value} ${y[index]}`);
  const dot = x.every((value, index) => value === x[0] && y[index] === y[0]);
  return `M${points.join("L")}${dot ? "h.01" : ""}`;
}

function lines(mode, rounds, guessed) {
  if (guessed.length === 0) return [t("overNone")];
  const best = guessed.reduce((a, b) => (b.milliseconds < a.milliseconds ? b : a));
  const count = guessed.length;
  const first = isOpen(mode) ? t("overGuessed", { count }) : t("overOf", { count, rounds });
  return [first, t("overBest", { word: best.word, time: t("seconds", best) })];
}

function own(result, replay, watch) {
  return card(result, replay, watch, make("span", "thought", thought(result)));
}

function thought({ guesses }) {
  if (guesses.length === 0) return t("thoughtNothing");
  const words = guesses.slice(0, SHOWN_THOUGHTS).map(({ word }) => noun(word));
  return t("thought", { words: words.join(t("comma")) });
}
