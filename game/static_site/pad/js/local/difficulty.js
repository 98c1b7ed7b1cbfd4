// Bands of difficulty: which words are easy, middling or hard. Twin of `game/rules/difficulty.py`.

import { RULES } from "../rules.js";

export const { bands: BANDS } = RULES.difficulty; // 0 easy, 1 middling, 2 hard
const { warmUp: WARM_UP, streak: STREAK } = RULES.difficulty;

/** The band of each word: thirds of the words in order of difficulty. */
export function bandsOf(words, difficulty) {
  const known = words.filter((word) => word in difficulty).map((word) => difficulty[word]);
  const middle = known.sort((a, b) => a - b)[Math.floor(known.length / 2)] ?? 0;
  const hard = (word) => difficulty[word] ?? middle;
  const ordered = [...words].sort((a, b) => hard(a) - hard(b));
  return new Map(ordered.map((word, rank) => [word, Math.floor((rank * BANDS) / words.length)]));
}

/**
 * The band of the next word in a game whose words share one time limit: the first words are easy, later ones get harder
 * with each streak of guessed words.
 */
export function risingBand(outcomes) {
  const streak = outcomes.length - 1 - outcomes.findLastIndex((outcome) => outcome !== "guessed");
  return outcomes.length < WARM_UP ? 0 : Math.min(Math.floor(streak / STREAK), BANDS - 1);
}
