// The page that asks whom to race: friends in a room, a stranger, a ghost, or the room of a code.

import { address } from "./api.js";
import * as me from "./me.js";
import { RULES } from "./rules.js";
import { t } from "./strings.js";

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

  /** Take from `welcome` whether one can sign in, and as whom one is. */
  greet({ sign_in: offered = false, account = null }) {
    const { row, says, link } = this.#parts.account;
    row.hidden = !offered;
    says.textContent = account === null ? "" : t("meet.signedIn", { name: account });
    link.textContent = t(account === null ? "meet.signIn" : "meet.signOut");
    link.href = address(`oauth/huggingface/${account === null ? "login" : "logout"}`);
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
    input.maxLength = RULES.name.longest;
    input.addEventListener("input", () => {
      me.rename(input.value);
      for (const other of inputs) if (other !== input) other.value = input.value;
    });
  }
}
