// The page that asks whom to race: friends in a room, a stranger, a ghost, or the room of a code.

import * as me from "./me.js";

export class Meet {
  #parts;
  #screens;

  /** `join(code)` asks for a seat in a room. */
  constructor(parts, screens, join) {
    this.#parts = parts;
    this.#screens = screens;
    parts.form.addEventListener("submit", (event) => {
      event.preventDefault();
      join(typedCode(parts.code.value));
    });
  }

  open() {
    this.#parts.code.value = "";
    this.#screens.open("meet");
  }
}

/** The code in what was typed or pasted: the code itself, or the room's whole link. */
export function typedCode(text) {
  const [, code] = /[?&](?:room|watch)=(\w+)/.exec(text) ?? [null, text];
  return code.replace(/[^a-z0-9]/gi, "").toUpperCase();
}

/** A field for the own name, the same on every page that has one. */
export function nameField(inputs) {
  for (const input of inputs) {
    input.value = me.name();
    input.addEventListener("input", () => {
      me.rename(input.value);
      for (const other of inputs) if (other !== input) other.value = input.value;
    });
  }
}
