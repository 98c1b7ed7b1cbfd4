// What the page says about the line: a slip of paper at the top, or a card that waits for an answer.

import { Face } from "./face.js";
import { t } from "./strings.js";

export class Notes {
  #parts;
  #face;
  #kind = null;

  /** `parts`: note, stop, title, text, yes, no, face; and `behind`, what a card covers. */
  constructor(parts) {
    this.#parts = parts;
    this.#face = new Face(parts.face, "bell");
  }

  get kind() {
    return this.#kind;
  }

  /** Show a slip with `text`; null takes it away. */
  slip(text) {
    this.#parts.note.textContent = text ?? "";
    this.#parts.note.hidden = !text;
  }

  /** Take away the slip if it says this. */
  drop(text) {
    if (this.#parts.note.textContent === text) this.slip(null);
  }

  /** Show a link that could not be copied, to be copied by hand; it stays until it is dismissed. */
  link(url) {
    const { linkNote, linkText, linkClose } = this.#parts;
    linkText.value = url;
    linkNote.hidden = false;
    linkClose.onclick = () => {
      linkNote.hidden = true;
    };
    linkText.focus();
    linkText.select();
  }

  /** Show a slip with `text` for some milliseconds, unless another comes meanwhile. */
  pass(text, milliseconds) {
    this.slip(text);
    setTimeout(() => this.drop(text), milliseconds);
  }

  /** Show a card (gone, restarted or replaced) whose buttons call `yes` and `no`. */
  card(kind, yes, no = null) {
    const parts = this.#parts;
    const fresh = this.#kind !== kind;
    this.#kind = kind;
    parts.title.textContent = t(`${kind}.title`);
    parts.text.textContent = t(`${kind}.text`);
    answer(parts.yes, t(`${kind}.yes`), yes);
    answer(parts.no, t(`${kind}.no`), no);
    this.#cover(true);
    this.#face.feel(kind === "replaced" ? "unsure" : "bell");
    if (fresh) parts.yes.focus();
  }

  /** Take away the card. */
  clear() {
    this.#kind = null;
    this.#cover(false);
  }

  #cover(covered) {
    if (covered) closeDialogs(); // they would lie above the card
    this.#parts.stop.hidden = !covered;
    for (const element of this.#parts.behind) element.inert = covered;
  }
}

function closeDialogs() {
  /** @type {NodeListOf<HTMLDialogElement>} */
  const open = document.querySelectorAll("dialog[open]");
  for (const dialog of open) dialog.close();
}

function answer(button, text, act) {
  button.hidden = act === null;
  button.textContent = text ?? "";
  button.onclick = act;
}
