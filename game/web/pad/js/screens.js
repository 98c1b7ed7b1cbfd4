// Which page is shown: what the server's word asks for, or one of our own over the first or last page.

import { asked, show as showAddress } from "./links.js";

const LASTING = ["home", "over", "podium"]; // pages over which our own stay open
const ADDRESSES = { replay: "replay", daily: "daily", challenge: "challenge" };

export class Screens {
  #root;
  #sections;
  #served = "home";
  #own = null;
  /** @type {Asked | null} what the address asked for before */
  #before = null;

  constructor(root) {
    this.#root = root;
    this.#sections = [...root.querySelectorAll(".screen")];
  }

  /**
   * The one of our own pages that is open: meet, boards, daily, statistics, laboratory, privacy, challenge or replay;
   * null if none is.
   */
  get own() {
    return this.#own;
  }

  /** The server's state belongs to this page. */
  serve(name) {
    if (name !== this.#served || !LASTING.includes(name)) this.#leave();
    this.#served = name;
    this.#show();
  }

  /** Open one of our own pages; `value` is its part of the address. */
  open(name, value = "") {
    if (!this.#own) this.#before = asked();
    this.#own = name;
    if (name in ADDRESSES) showAddress(ADDRESSES[name], value);
    this.#show();
    scrollTo(0, 0);
    this.#sections
      .find((section) => section.dataset.of === name)
      ?.querySelector("h1")
      ?.focus({ preventScroll: true });
  }

  close() {
    this.#leave();
    this.#show();
    scrollTo(0, 0);
  }

  #leave() {
    if (!this.#own) return;
    this.#own = null;
    const [kind, value] = this.#before ?? ["", ""];
    if (["room", "watch"].includes(kind)) showAddress(kind, value);
    else showAddress();
  }

  #show() {
    const name = this.#own ?? this.#served;
    this.#root.dataset.screen = name;
    for (const section of this.#sections) section.hidden = section.dataset.of !== name;
  }
}
