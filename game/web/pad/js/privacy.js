// One's own data: what is stored and for how long, and the button that deletes all of it.

import { address, get, post } from "./api.js";
import { key } from "./me.js";
import { forgetAll } from "./store.js";
import { t } from "./strings.js";

const SLIP = 6000; // ms that the slip about a failure stays

export class Privacy {
  #parts;
  #screens;
  #notes;

  /** `parts`: long (the sentence about how long), forget (the button). */
  constructor(parts, { screens, notes }) {
    this.#parts = parts;
    this.#screens = screens;
    this.#notes = notes;
    parts.forget.addEventListener("click", () => this.#ask());
  }

  async open() {
    const { long } = this.#parts;
    long.textContent = t("privacy.forGood");
    this.#screens.open("privacy");
    const kept = await get("privacy").catch(() => null);
    if (kept?.days) long.textContent = t("privacy.days", { count: kept.days });
  }

  #ask() {
    const clear = () => this.#notes.clear();
    const forget = () => {
      clear();
      this.#forget();
    };
    this.#notes.card("privacy.sure", forget, clear);
  }

  /** Delete on the server first: without the key nobody could ask for it. Then begin anew as somebody unknown. */
  async #forget() {
    try {
      await post("forget", { key: key() });
    } catch {
      return this.#notes.pass(t("privacy.failed"), SLIP);
    }
    forgetAll();
    return this.#notes.card("privacy.done", () => location.assign(address(".")));
  }
}
