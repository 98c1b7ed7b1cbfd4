// One scale for the thermometer, for what the guesser says, and for the win. Twin of `game/rules/certainty.py`.

import { RULES } from "./rules.js";

const { flag: FLAG, doubtful: DOUBTFUL, close: CLOSE } = RULES.certainty;

/** The certainty of a word, 0 to 1, of its `probability`; at the `threshold` of a win it is `FLAG`. */
export function certainty(probability, threshold) {
  if (probability >= threshold) return FLAG + ((1 - FLAG) * (probability - threshold)) / (1 - threshold);
  const doubt = Math.log1p(-probability) / Math.log1p(-threshold);
  return (FLAG * (probability / threshold + doubt)) / 2;
}

/** How the guesser says its first guess: "certain" only where a win is, else "guess" or "doubtful". */
export function voice(probability, threshold) {
  const sure = certainty(probability, threshold);
  if (sure >= FLAG) return "certain";
  return sure < DOUBTFUL ? "doubtful" : "guess";
}

/** Whether a first guess of the word is close to a win, and not there yet. */
export function close(probability, threshold) {
  const sure = certainty(probability, threshold);
  return CLOSE <= sure && sure < FLAG;
}
