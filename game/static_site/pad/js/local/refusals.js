// Why a message cannot be done: what the page is told, as `game/guests/refusals.py` has it.

const TEXTS = {
  not_now: "That cannot be done now.",
  too_late: "Too late: this drawing is finished.",
  too_much_ink: "The pad is full. Clear it or undo a line.",
  too_quick: "No hand draws as quickly as this.",
  from_the_future: "This ink has a time that is still to come.",
  out_of_place: "This is neither the last line nor the next. Say hello again.",
  unknown: "That does not exist, or no longer exists.",
  unknown_room: "There is no room with this code.",
};

/** Thrown by the rules about a message; `code` is that of a `problem`. */
export class Refusal extends Error {
  constructor(code) {
    super(TEXTS[code]);
    this.code = code;
  }
}

export function problem(code) {
  return { type: "problem", code, text: TEXTS[code], fatal: false };
}
