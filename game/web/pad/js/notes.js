// What the page says about the line: a slip of paper at the top, or a card that waits for an answer.

import { Face } from "./face.js";
import { t } from "./strings.js";

export class Notes {
  #parts;
  #face;
  #kind = null;
  /** @type {string[]} keys of the slips that stay until they are dropped, the newest last */
  #standing = [];
  #passing = ""; // text of the slip that lies above these for a while
  #timer = 0;

  /** `parts`: note, stop, title, text, yes, no, face; and `behind`, what a card covers. */
  constructor(parts) {
    this.#parts = parts;
    this.#face = new Face(parts.face, "bell");
  }

  get kind() {
    return this.#kind;
  }

  /** Show a slip with the text under `key`, until it is dropped; it comes back from under others. */
  slip(key) {
    this.#standing = this.#standing.filter((each) => each !== key).concat(key);
    this.#pass("");
  }

  /** Take away the slip with the text under `key`, also from under others. */
  drop(key) {
    this.#standing = this.#standing.filter((each) => each !== key);
    this.#show();
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
    this.#pass(text);
    this.#timer = setTimeout(() => this.#pass(""), milliseconds);
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

  #pass(text) {
    clearTimeout(this.#timer);
    this.#passing = text;
    this.#show();
  }

  #show() {
    const { note } = this.#parts;
    const key = this.#standing.at(-1);
    const text = this.#passing || (key ? t(key) : "");
    if (note.textContent !== text) note.textContent = text; // else it would be read out again
    note.hidden = !text;
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
