// Sharing links: by the device's share sheet, by the clipboard, or by hand.

import { link } from "./links.js";
import { t } from "./strings.js";

const SHOWN = 2500; // ms that the slip about a copied link stays

export class Share {
  #notes;

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
      this.#notes.pass(t("share.copied"), SHOWN);
    } catch {
      this.#notes.link(text); // no clipboard here, as without a secure context or in some frames
    }
  }

  /** Hand a link to the share sheet; where there is none, to the clipboard. */
  async send(kind, value, text) {
    if (!this.can) return this.copy(kind, value);
    try {
      await navigator.share({ title: t("title"), text, url: link(kind, value) });
    } catch (error) {
      if (/** @type {Error} */ (error).name === "AbortError") return undefined; // the player closed the share sheet
      return this.copy(kind, value); // the browser refused, as in frames without the permission
    }
    return undefined;
  }
}
