// The menu of the page's languages, on the first page only: what is on the others is not said again.

import { choose } from "./strings.js";

export class LanguageMenu {
  #select;

  constructor(select) {
    this.#select = select;
  }

  set value(code) {
    this.#select.value = code;
  }

  /** Call `changed` after each choice, as soon as the language is spoken. */
  listen(changed) {
    this.#select.addEventListener("change", () => choose(this.#select.value).then(changed));
  }
}
