// Giving away: links to the clipboard or to the phone's share sheet, pictures with them.

import { link } from "./links.js";
import { t } from "./strings.js";

const SHOWN = 2500; // ms that the slip about a copied link stays

export class Share {
  #notes;
  #slipped = 0;

  constructor(notes) {
    this.#notes = notes;
  }

  /** Whether this browser has a share sheet. */
  get can() {
    return "share" in navigator;
  }

  async copy(kind, value) {
    const text = link(kind, value);
    try {
      await navigator.clipboard.writeText(text);
      this.#slip(t("share.copied"));
    } catch {
      this.#slip(text); // no clipboard here, as in some frames: to be copied by hand
    }
  }

  /** Hand a link to the share sheet; where there is none, to the clipboard. */
  async send(kind, value, text) {
    if (!this.can) return this.copy(kind, value);
    try {
      await navigator.share({ title: t("title"), text, url: link(kind, value) });
    } catch {
      // Closed without sending: that is an answer, too.
    }
    return undefined;
  }

  #slip(text) {
    clearTimeout(this.#slipped);
    this.#notes.slip(text);
    this.#slipped = setTimeout(() => this.#notes.slip(null), SHOWN);
  }
}
