// The page that asks whom to race: friends in a room, a stranger, a ghost, or the room of a code.

import { address } from "./api.js";
import * as me from "./me.js";
import { RULES } from "./rules.js";
import { t } from "./strings.js";

export class Meet {
  #parts;
  #screens;
  #countBests;

  /** `join(code)` asks for a seat in a room, `countBests()` for the number of own drawings to race against. */
  constructor(parts, screens, { join, countBests }) {
    this.#parts = parts;
    this.#screens = screens;
    this.#countBests = countBests;
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

  /** Take `bests`: one can race oneself only where there are drawings of one's own. */
  hear({ words }) {
    const { best } = this.#parts;
    best.hidden = words === 0;
    const beside = best.nextElementSibling;
    if (beside?.matches(".action")) beside.classList.toggle("wide", words === 0); // it has the line to itself
    this.#parts.noBest.hidden = words > 0;
  }

  open() {
    this.#parts.code.value = "";
    this.#countBests();
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
