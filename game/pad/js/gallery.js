// The last page: the score, and every drawing with its time and what the guesser thought of it.

import { t } from "./strings.js";

const SVG = "http://www.w3.org/2000/svg";
const SHOWN_THOUGHTS = 3;

/** Fill the last page from the final `state`. */
export function show({ score, summary, gallery }, { mode, points, results }) {
  const guessed = results.filter((result) => result.outcome === "guessed");
  const sprint = mode === "sprint";
  const number = sprint ? guessed.length : points;
  score.querySelector(".number").textContent = number;
  score.querySelector(".unit").textContent = sprint ? t("overWords", number) : t("overPoints");
  summary.textContent = lines(sprint, points, guessed).join(" ");
  gallery.replaceChildren(...results.map(card));
}

/** The SVG of strokes in pad units, in the colour of the text around it. */
export function picture(strokes, label) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 256 256");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  for (const [x, y] of strokes) {
    const path = svg.appendChild(document.createElementNS(SVG, "path"));
    path.setAttribute("d", line(x, y));
  }
  return svg;
}

export function line(x, y) {
  const points = x.map((value, index) => `${value} ${y[index]}`);
  return `M${points.join("L")}${points.length === 1 ? "h0" : ""}`;
}

function lines(sprint, points, guessed) {
  if (guessed.length === 0) return [t("overNone")];
  const best = guessed.reduce((a, b) => (b.milliseconds < a.milliseconds ? b : a));
  const first = sprint
    ? points > guessed.length && t("overHalf", points)
    : t("overSix", guessed.length);
  return [first, t("overBest", best.word, t("seconds", best.milliseconds))].filter(Boolean);
}

function card(result) {
  const item = document.createElement("li");
  item.className = result.outcome;
  item.append(picture(result.strokes, t("drawingOf", result.word)));
  const tag = t(`tags.${result.outcome}`, t("seconds", result.milliseconds));
  for (const [name, text] of [["name", result.word], ["tag", tag], ["thought", thought(result)]]) {
    const part = item.appendChild(document.createElement("span"));
    part.className = name;
    part.textContent = text;
  }
  return item;
}

function thought({ guesses }) {
  if (guesses.length === 0) return t("thoughtNothing");
  return t("thought", t("list", guesses.slice(0, SHOWN_THOUGHTS).map(({ word }) => word)));
}
