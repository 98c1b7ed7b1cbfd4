// The sheet on which a player draws the badge that stands beside the name. It is the page's own: nothing on it is judged.

import { badge, nameplate } from "./badge.js";
import { LAST, read, written } from "./badge_ink.js";
import { PAD } from "./ink.js";
import { historyAct } from "./keys.js";
import * as me from "./me.js";
import { ownPad } from "./own_pad.js";
import { t } from "./strings.js";

const MARGIN = 0.15; // of the sheet, around a badge that is drawn on
const SLIP = 4000; // ms

export class BadgeSheet {
  #parts;
  #connection;
  #notes;
  #ink;
  #colour = 0;

  /** `parts`: dialog, pad, hint, preview, undo, clear, done, cancel, and places, which show the own badge. */
  constructor(parts, { connection, notes }) {
    this.#parts = parts;
    this.#connection = connection;
    this.#notes = notes;
    this.#ink = ownPad(parts.pad);
    const undo = () => this.#ink.undo();
    parts.dialog.addEventListener("keydown", (event) => {
      const name = historyAct(event);
      if (name === "undo") undo();
      else if (name === "redo") this.#ink.redo();
      if (name) event.preventDefault();
    });
    parts.undo.addEventListener("click", undo);
    parts.clear.addEventListener("click", () => this.#ink.clear());
    parts.cancel.addEventListener("click", () => this.close());
    parts.done.addEventListener("click", () => this.#done());
    for (const type of ["grow", "change"]) this.#ink.addEventListener(type, () => this.#preview());
  }

  /** Show the own badge wherever it can be changed; `colour` is that of the seat, if there is one. */
  show(colour = me.person().colour ?? 0) {
    this.#colour = colour;
    for (const place of this.#parts.places) place.replaceChildren(badge({ colour, badge: me.badge() }));
  }

  /** Open the sheet with the present badge on it. */
  open() {
    const place = (values) => values.map((value) => PAD * (MARGIN + ((1 - 2 * MARGIN) * value) / LAST));
    this.#ink.replace(read(me.badge()).map(([xs, ys]) => [place(xs), place(ys), xs.map(() => 0)]));
    this.#preview();
    this.#parts.dialog.showModal();
    this.#parts.pad.focus();
  }

  close() {
    this.#parts.dialog.close();
  }

  /** Make a drawing the badge; its strokes are as in messages. */
  use(strokes) {
    this.#wear(written(strokes));
    this.#notes.pass(t("badge.used"), SLIP);
  }

  /** A blank sheet means no badge of one's own. */
  #done() {
    this.#wear(this.#text);
    this.close();
  }

  get #text() {
    return this.#ink.blank ? "" : written(this.#ink.strokes.map(({ x, y }) => [x, y]));
  }

  #wear(text) {
    me.wear(text);
    this.show(this.#colour);
    this.#connection.send({ type: "profile", badge: text });
  }

  #preview() {
    const { hint, undo, clear, preview } = this.#parts;
    const { blank } = this.#ink;
    hint.hidden = !blank;
    undo.disabled = clear.disabled = blank;
    preview.replaceChildren(nameplate({ colour: this.#colour, badge: this.#text, name: me.name() }));
  }
}
