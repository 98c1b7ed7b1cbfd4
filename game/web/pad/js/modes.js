// What the page knows of the modes: each is one entry of the rules, with its texts under `modes.NAME`.

import { RULES } from "./rules.js";
import { has, t } from "./strings.js";

/** The mode that the page offers first. */
export const FIRST = Object.keys(RULES.modes).find((mode) => RULES.modes[mode].menu === "first");

/** The mode without words and without an end. */
export const FREE = Object.keys(RULES.modes).find((mode) => !RULES.modes[mode].asks);

/** A mode's kind, for the style sheets: "free" without words, "shared" among models, else "words". */
export function kindOf(mode) {
  const rules = RULES.modes[mode];
  if (!rules) return "";
  if (!rules.asks) return "free";
  return rules.shared ? "shared" : "words";
}

/** Whether time alone ends a game, so that its number of words is open. */
export function isOpen(mode) {
  return RULES.modes[mode]?.gameTime != null;
}

/** What a word is worth, in words, if it is worth more than the mode's easy words; else "". */
export function worthText({ mode, worth = 0 }) {
  return worth > (RULES.modes[mode]?.points[0] ?? worth) ? t("points", { count: worth }) : "";
}

export function skipLabel(mode) {
  const cost = RULES.modes[mode]?.skipCost ?? 0;
  return cost ? t("skipCost", { seconds: cost / 1000 }) : t("skip");
}

/** The name of a board: a mode's, or that of a kind of race. */
export function boardTitle(name) {
  return name in RULES.modes ? modeText(name, "title") : t(`boards.races.${name}`);
}

/** What the guesser says while the pointer is over a button. */
export function hoverText({ mode, hover }) {
  return mode ? modeText(mode, "hover") : t(`hover.${hover}`);
}

/** Write the modes' texts on their buttons. */
export function labelModes(root) {
  for (const button of root.querySelectorAll("button[data-mode]")) {
    const { mode } = button.dataset;
    const title = has(`modes.${mode}.button`) ? "button" : "title";
    button.querySelector("[data-mode-title]").textContent = modeText(mode, title);
    const text = button.querySelector("[data-mode-text]");
    if (text) text.textContent = modeText(mode, "text");
  }
}

/** Buttons of the modes that need several models. */
export function sharedModes(root) {
  return [...root.querySelectorAll("button[data-mode]")].filter(({ dataset }) => RULES.modes[dataset.mode]?.shared);
}

/** One of a mode's texts; a mode without texts is called by its name in the rules. */
function modeText(mode, name) {
  const key = `modes.${mode}.${name}`;
  if (has(key)) return t(key, valuesOf(RULES.modes[mode]));
  return name === "title" ? mode.replaceAll("_", " ") : "";
}

/** What the texts of a mode may say of its rules. */
function valuesOf({ rounds, gameTime, roundTime }) {
  return { rounds, seconds: (gameTime ?? roundTime) / 1000 };
}
